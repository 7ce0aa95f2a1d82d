/** Lessons: a list of them in groups, or the one that the session is in, step by step. */

import { groups } from "virtual:lessons";
import { effect, untracked, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Action, Lesson, Step } from "../../lesson.js";
import { type App, tell } from "../app.js";
import type { Verdict } from "../checks.js";
import { again, go, isDone, leave, lessonOf, linked, linkTo, look, open, placeOf, startOver } from "../lessons.js";
import { L } from "../strings.js";
import { current, offerIn } from "./consoles.js";
import { Icon } from "./icons.js";
import "../style/lessons.css";

const all = groups.flatMap(({ lessons }) => lessons);
const inTwo = ({ steps }: Lesson): boolean =>
  steps.some(({ actions }) => actions.some((action) => "console" in action && action.console > 1));

/** A text with `code` in it. */
function Coded({ text }: { text: string }) {
  return <>{text.split("`").map((part, i) => (i % 2 === 1 ? <code key={i}>{part}</code> : part))}</>;
}

function List({ app }: { app: App }) {
  return (
    <section class="lessons panel" aria-label={L.title}>
      <header>
        <h2>{L.title}</h2>
      </header>
      <div class="scroll">
        <p class="intro muted">{L.intro}</p>
        {groups.map(({ title, lessons }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <ul>
              {lessons.map((one) => {
                const n = placeOf(one.id).done.length;
                return (
                  <li key={one.id}>
                    <button type="button" class="lesson" data-lesson={one.id} onClick={() => void open(app, one)}>
                      <b>{one.title}</b>
                      {isDone(one) ? (
                        <span class="made">
                          <Icon name="check" /> {L.done}
                        </span>
                      ) : (
                        <span class="muted">{n > 0 ? L.stepsDone(n, one.steps.length) : L.steps(one.steps.length)}</span>
                      )}
                      <span class="summary">{one.summary}</span>
                    </button>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </section>
  );
}

async function perform(app: App, lesson: Lesson, actions: readonly Action[]): Promise<void> {
  for (const action of actions) {
    if ("line" in action) {
      // One who works in another console goes on there, where the lesson needs no second one.
      if (!inTwo(lesson) && current() !== undefined) await current()!.run([action.line]);
      else await offerIn(action.console, action.line);
    } else if (action.clock === "next expiry") app.driver.jump();
    else app.driver.step(action.clock);
  }
}

function StepText({ app, lesson, step }: { app: App; lesson: Lesson; step: Step }) {
  return (
    <div class="step-text">
      {/* Made from our own Markdown when the site was built. */}
      <div dangerouslySetInnerHTML={{ __html: step.html }} />
      {step.actions.map((action, i) =>
        "line" in action && !action.hidden ? (
          <button key={i} type="button" class="offer" onClick={() => void perform(app, lesson, [action])} title={L.runThis}>
            <code>{action.line}</code>
            {action.console > 1 ? <span class="where">{L.inConsole(action.console)}</span> : <Icon name="play" size={12} />}
          </button>
        ) : null,
      )}
    </div>
  );
}

/** What the step asks for, and what is missing. */
function Checks({ verdicts, passed }: { verdicts: readonly Verdict[]; passed: boolean }) {
  return (
    <>
      <ul class="checks" aria-label={L.toDo}>
        {verdicts.map(({ goal, holds }, i) => {
          const made = passed || holds;
          return (
            <li key={i} class={made ? "holds" : ""}>
              <span class="box" role="img" aria-label={made ? L.done : L.toDo}>
                {made && <Icon name="check" size={12} />}
              </span>
              <span>
                <Coded text={goal} />
              </span>
            </li>
          );
        })}
      </ul>
      <div role="status">
        {passed ? (
          <p class="done">
            <Icon name="check" /> {L.stepDone}
          </p>
        ) : (
          verdicts
            .flatMap(({ why }) => why ?? [])
            .map((why) => (
              <p key={why} class="why">
                <Coded text={why} />
              </p>
            ))
        )}
      </div>
    </>
  );
}

function Steps({ app, lesson, at }: { app: App; lesson: Lesson; at: number }) {
  const { done } = placeOf(lesson.id);
  return (
    <ol class="dots">
      {lesson.steps.map(({ title }, i) => {
        const label = done.includes(i) ? L.goToDone(i + 1, title) : L.goTo(i + 1, title);
        return (
          <li key={title}>
            <button
              type="button"
              class={done.includes(i) ? "made" : ""}
              aria-current={i === at ? "step" : undefined}
              aria-label={label}
              title={label}
              onClick={() => void go(app, lesson, i)}
            />
          </li>
        );
      })}
    </ol>
  );
}

function Finish({ app, lesson }: { app: App; lesson: Lesson }) {
  const { done } = placeOf(lesson.id);
  const left = lesson.steps.flatMap((step, i) => (done.includes(i) ? [] : [{ step, i }]));
  const next = all[all.indexOf(lesson) + 1];
  return (
    <div class="step-text finish">
      <h3>{left.length === 0 ? L.complete : L.almost}</h3>
      {left.length === 0 ? (
        <p>{L.completeText}</p>
      ) : (
        <>
          <p>{L.skipped(left.length)}</p>
          <ul class="left">
            {left.map(({ step, i }) => (
              <li key={i}>
                <button type="button" onClick={() => void again(app, lesson, i)}>
                  {L.goTo(i + 1, step.title)}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
      {next !== undefined && (
        <button type="button" class={left.length === 0 ? "primary" : ""} onClick={() => void open(app, next)}>
          {L.nextLesson(next.title)} <Icon name="right" />
        </button>
      )}
      <button type="button" class="quiet" onClick={() => void leave(app)}>
        {L.all}
      </button>
    </div>
  );
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    tell(L.linkCopied);
  } catch {
    tell(L.notCopied, true);
  }
}

function One({ app, lesson }: { app: App; lesson: Lesson }) {
  const verdicts = useSignal<Verdict[]>([]);
  const { at, passed } = placeOf(lesson.id);
  const step = lesson.steps[at];
  useEffect(
    () =>
      effect(() => {
        app.keyspace.version.value;
        app.session.changes.value;
        app.session.position.value;
        untracked(() => {
          verdicts.value = at < lesson.steps.length && app.session.lesson.peek() === lesson.id ? look(app, lesson, at) : [];
        });
      }),
    [app, lesson, at, passed.includes(at)],
  );
  const isPassed = passed.includes(at);
  const last = at + 1 === lesson.steps.length;
  return (
    <section class="lessons panel one" aria-label={L.title}>
      <header>
        <button type="button" class="quiet" onClick={() => void leave(app)} aria-label={L.leave} title={L.leave}>
          <Icon name="left" />
        </button>
        <h2>{lesson.title}</h2>
        {step && (
          <button type="button" class="quiet" aria-label={L.copyLink} title={L.copyLink} onClick={() => void copy(linkTo(lesson.id, at))}>
            <Icon name="link" />
          </button>
        )}
        <button type="button" class="quiet" aria-label={L.startOver} title={L.startOverTitle} onClick={() => void startOver(app, lesson)}>
          <Icon name="undo" />
        </button>
      </header>
      <Steps app={app} lesson={lesson} at={at} />
      <div class="scroll" key={at}>
        {step === undefined ? (
          <Finish app={app} lesson={lesson} />
        ) : (
          <>
            <p class="place muted">{L.stepOf(at + 1, lesson.steps.length)}</p>
            <h3>{step.title}</h3>
            <StepText app={app} lesson={lesson} step={step} />
            <Checks verdicts={verdicts.value} passed={isPassed} />
            {!isPassed && (
              <button type="button" class="quiet show" title={L.showMeTitle} onClick={() => void perform(app, lesson, step.actions)}>
                <Icon name="spark" /> {L.showMe}
              </button>
            )}
            <p class="own muted">{L.own}</p>
          </>
        )}
      </div>
      {step !== undefined && (
        <footer class="steps">
          <button type="button" disabled={at === 0} onClick={() => void go(app, lesson, at - 1)}>
            {L.back}
          </button>
          {isPassed && (
            <button type="button" class="quiet" title={L.againTitle} onClick={() => void again(app, lesson, at)}>
              {L.again}
            </button>
          )}
          <button type="button" class={isPassed ? "primary" : ""} onClick={() => void go(app, lesson, at + 1)}>
            {isPassed ? (last ? L.finish : L.next) : L.skip}
          </button>
        </footer>
      )}
    </section>
  );
}

let followed = false;

export function Lessons({ app }: { app: App }) {
  useEffect(() => {
    const follow = (): void => {
      const to = linked(location.hash);
      if (to !== undefined) void open(app, to.lesson, to.step);
    };
    // Not once more when the panel is closed and opened.
    if (!followed) follow();
    followed = true;
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [app]);
  const lesson = lessonOf(app.session.lesson.value);
  return lesson === undefined ? <List app={app} /> : <One app={app} lesson={lesson} />;
}
