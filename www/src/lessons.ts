/**
 * Where somebody is in the lessons. Each lesson is a way of its own on the time line of the session (`session.lesson` says which one
 * this is); here is how far it was gone, kept in this browser. A step is done when its checks held once while it was open; skipping is no
 * doing: what it would have made is made behind the scenes, so that the next one can be done.
 */
import lessons from "virtual:lessons";
import { signal } from "@preact/signals";
import { words } from "../../pkg/src/prompt/format.js";
import type { Action, Lesson, Step } from "../lesson.js";
import { type App, chosen, tell } from "./app.js";
import { type Given, judge, type Verdict } from "./checks.js";
import { L } from "./strings.js";
import { typed } from "./text.js";

const KEPT = "wakey-learned";
/** Who gives the commands of steps that are skipped. */
const STANDIN = "lesson";

interface Place {
  at: number;
  /** Steps that were done, once and for all. */
  done: number[];
  /** On the way of now: steps that were done or made up for, and how many events had happened when each began. */
  passed: number[];
  from: number[];
}

const numbers = (list: unknown): number[] => (Array.isArray(list) ? list.filter((n) => Number.isInteger(n) && n >= 0).slice(0, 100) : []);

function read(): { [id: string]: Place } {
  const out: { [id: string]: Place } = {};
  try {
    const all = JSON.parse(localStorage.getItem(KEPT) ?? "{}") as { [id: string]: Partial<Place> };
    for (const { id, steps } of lessons) {
      const { at = 0, done, passed, from } = all[id] ?? {};
      const step = Number.isInteger(at) ? Math.min(Math.max(at, 0), steps.length) : 0;
      if (all[id]) out[id] = { at: step, done: numbers(done), passed: numbers(passed), from: numbers(from) };
    }
  } catch {
    // Without storage, or with something else in it, nothing is done yet.
  }
  return out;
}

const places = signal(read());

export function placeOf(id: string): Place {
  return places.value[id] ?? { at: 0, done: [], passed: [], from: [] };
}

function put(id: string, to: Partial<Place>): void {
  places.value = { ...places.peek(), [id]: { ...placeOf(id), ...to } };
  try {
    localStorage.setItem(KEPT, JSON.stringify(places.peek()));
  } catch {
    // Until the page is left, then.
  }
}

export const isDone = ({ id, steps }: Lesson): boolean => steps.every((_, i) => placeOf(id).done.includes(i));

export function lessonOf(id: string | undefined): Lesson | undefined {
  return lessons.find((one) => one.id === id);
}

/** `#lesson=expiry/3`: a lesson, and the step that is the third. */
export function linked(hash: string): { lesson: Lesson; step: number | undefined } | undefined {
  const [, id, n] = /^#lesson=([\w-]+)(?:\/(\d{1,2}))?$/.exec(hash) ?? [];
  const lesson = lessonOf(id);
  if (lesson === undefined) return undefined;
  return { lesson, step: n === undefined ? undefined : Math.min(Math.max(Number(n) - 1, 0), lesson.steps.length - 1) };
}

/** The address says where one is, unless it holds a session. */
function address(lesson: string | undefined, step = 0): void {
  if (/^#s=/.test(location.hash)) return;
  history.replaceState(null, "", location.pathname + location.search + (lesson === undefined ? "" : `#lesson=${lesson}/${step + 1}`));
}

export const linkTo = (lesson: string, step: number): string => `${location.href.split("#")[0]}#lesson=${lesson}/${step + 1}`;

async function journey(work: () => Promise<void>): Promise<void> {
  try {
    chosen.value = undefined;
    await work();
  } catch (error) {
    tell(L.cannot((error as Error).message), true);
  }
}

/** Opens a lesson where it was left, or at a step. */
export function open(app: App, lesson: Lesson, step?: number): Promise<void> {
  return journey(async () => {
    const { session } = app;
    const { id, title } = lesson;
    if (session.lesson.peek() !== id) {
      const kept = session.branches.peek().some((branch) => branch.lesson === id);
      await session.enter(id, title);
      if (!kept) put(id, { passed: [], from: [] });
    }
    const { at } = placeOf(id);
    await go(app, lesson, step ?? (at < lesson.steps.length ? at : 0));
  });
}

/** The lesson once more, from no keys at all. */
export function startOver(app: App, lesson: Lesson): Promise<void> {
  return journey(async () => {
    await app.session.enter(lesson.id, lesson.title, true);
    put(lesson.id, { passed: [], from: [] });
    await go(app, lesson, 0);
  });
}

export function leave(app: App): Promise<void> {
  return journey(async () => {
    await app.session.leave();
    address(undefined);
  });
}

/** To a step, or, behind the last, to the end. Steps before it that were not done are made up for. */
export async function go(app: App, lesson: Lesson, to: number): Promise<void> {
  const { id, steps } = lesson;
  for (let i = 0; i < to; i++) if (!placeOf(id).passed.includes(i)) await standIn(app, lesson, i);
  const { from } = placeOf(id);
  if (from[to] === undefined && to < steps.length) from[to] = app.session.position.peek();
  put(id, { at: to, from: Array.from({ length: from.length }, (_, i) => from[i] ?? 0) });
  address(id, Math.min(to, steps.length - 1));
}

/** What a step asks for is made for somebody: that is not to have done it. */
let standing = false;

/** Makes what a step would have made, from where it began. */
async function standIn(app: App, lesson: Lesson, i: number): Promise<void> {
  const { session } = app;
  const { passed, from } = placeOf(lesson.id);
  const step = lesson.steps[i]!;
  const made = step.checks.filter(({ kind }) => kind === "state");
  const begun = from[i];
  const isMade = begun !== undefined && made.length > 0 && made.every((check) => judge(check, app.keyspace, []).holds);
  if (!isMade) {
    standing = true;
    try {
      if (begun !== undefined && begun < session.position.peek()) await session.travel(begun);
      for (const action of step.actions) act(app, action);
    } finally {
      standing = false;
    }
  }
  put(lesson.id, { passed: [...passed, i] });
}

function act({ session }: App, action: Action): void {
  if ("line" in action) {
    try {
      session.run(STANDIN + action.console, words(typed(action.line)) ?? []);
    } catch {
      // Some steps are there to see an error.
    }
    return;
  }
  const next = action.clock === "next expiry" ? session.db.peek().nextDeadline() - session.clock.now() : action.clock;
  if (Number.isFinite(next) && next > 0) session.clock.advance(next);
}

/** Back to where a step began, to do it once more. */
export function again(app: App, lesson: Lesson, i: number): Promise<void> {
  return journey(async () => {
    const { passed, from } = placeOf(lesson.id);
    await app.session.travel(Math.min(from[i] ?? 0, app.session.events.length));
    put(lesson.id, { at: i, passed: passed.filter((n) => n < i), from: from.slice(0, i + 1) });
  });
}

/** What a step still asks for. Takes it down when that is nothing. */
export function look(app: App, lesson: Lesson, i: number): Verdict[] {
  const { session } = app;
  const { passed, done, from } = placeOf(lesson.id);
  const step: Step = lesson.steps[i]!;
  const position = session.position.peek();
  // Who went further back than it began begins it there.
  const begun = Math.min(from[i] ?? position, position);
  if (begun !== from[i]) put(lesson.id, { from: [...from.slice(0, i), begun] });
  const given: Given[] = session.events
    .slice(begun, position)
    .map((event) => ({ args: event.args, failed: session.deed(event) === "failed" }));
  const verdicts = step.checks.map((check) => judge(check, app.keyspace, given));
  if (!standing && !passed.includes(i) && verdicts.every(({ holds }) => holds))
    put(lesson.id, { passed: [...passed, i], done: [...new Set([...done, i])] });
  return verdicts;
}
