/** Lessons: a list of them, or one with its steps. What is done stays done over reloads, where there is storage. */

import lessons from "virtual:lessons";
import { effect, untracked, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Step } from "../../lesson.js";
import { type App, chosen } from "../app.js";
import { holds } from "../checks.js";
import { offer } from "./consoles.js";

const KEPT = "wakey-lessons";

function done(): { [id: string]: number } {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "{}") as { [id: string]: number };
  } catch {
    return {};
  }
}

function keep(id: string, steps: number): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify({ ...done(), [id]: Math.max(done()[id] ?? 0, steps) }));
  } catch {
    // Without storage, they are done until the page is left.
  }
}

function StepText({ step, isDone }: { step: Step; isDone: boolean }) {
  return (
    <div class="step-text">
      {/* Made from our own Markdown when the site was built. */}
      <div dangerouslySetInnerHTML={{ __html: step.html }} />
      {step.commands.map((command) => (
        <button key={command} type="button" class="offer" onClick={() => offer(command)} title="Run this in the console">
          <code>{command}</code>
          <span aria-hidden="true">↵</span>
        </button>
      ))}
      {isDone && (
        <p class="done" role="status">
          ✓ Done
        </p>
      )}
    </div>
  );
}

export function Lessons({ app }: { app: App }) {
  const id = useSignal<string | undefined>(undefined);
  const at = useSignal(0);
  const since = useSignal(0);
  const passed = useSignal(false);
  const lesson = lessons.find((one) => one.id === id.value);
  const step = lesson?.steps[at.value];
  useEffect(
    () =>
      effect(() => {
        app.keyspace.version.value;
        const begun = since.value;
        const given = app.session.monitor.filter((entry) => entry.n > begun);
        const now = lessons.find((one) => one.id === id.value)?.steps[at.value];
        if (now === undefined || passed.peek()) return;
        untracked(() => {
          if (!now.checks.every((check) => holds(check, app.keyspace, given))) return;
          passed.value = true;
          keep(id.value!, at.value + 1);
        });
      }),
    [app, id, at, since, passed],
  );
  const begin = (to: number): void => {
    since.value = app.session.counted;
    passed.value = false;
    at.value = to;
  };
  if (lesson === undefined) {
    const made = done();
    return (
      <section class="lessons panel" aria-label="Lessons">
        <header>
          <h2>Lessons</h2>
        </header>
        <ul class="scroll">
          {lessons.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                class="lesson"
                onClick={() => {
                  begin(0);
                  id.value = one.id;
                }}
              >
                <b>{one.title}</b>
                <span class="muted">{(made[one.id] ?? 0) >= one.steps.length ? "✓ done" : `${one.steps.length} steps`}</span>
                <span class="summary">{one.summary}</span>
              </button>
            </li>
          ))}
        </ul>
      </section>
    );
  }
  const finished = step === undefined;
  return (
    <section class="lessons panel" aria-label="Lessons">
      <header>
        <button
          type="button"
          onClick={() => {
            id.value = undefined;
          }}
          aria-label="All lessons"
        >
          ←
        </button>
        <h2>{lesson.title}</h2>
        <span class="muted">
          {Math.min(at.value + 1, lesson.steps.length)}/{lesson.steps.length}
        </span>
      </header>
      <progress max={lesson.steps.length} value={at.value + (passed.value ? 1 : 0)} aria-label="Steps done" />
      <div class="scroll">
        {finished ? (
          <div class="step-text">
            <h3>That was it.</h3>
            <p>Look at what you made among the keys, or take another lesson.</p>
            <button
              type="button"
              class="primary"
              onClick={() => {
                id.value = undefined;
                chosen.value = undefined;
              }}
            >
              All lessons
            </button>
          </div>
        ) : (
          <>
            <h3>{step.title}</h3>
            <StepText step={step} isDone={passed.value} />
            <p class="steps">
              <button type="button" class={passed.value ? "primary" : ""} onClick={() => begin(at.value + 1)}>
                {passed.value ? (at.value + 1 === lesson.steps.length ? "Finish" : "Next") : "Skip"}
              </button>
            </p>
          </>
        )}
      </div>
    </section>
  );
}
