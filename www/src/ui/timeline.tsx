/**
 * The time line: every command of the session in order, as marks whose colour tells what it did. Going back makes that moment the
 * present; what is typed then branches off.
 */
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type App, asked, tell } from "../app.js";
import type { Deed, Event } from "../session.js";
import { T } from "../strings.js";
import { said } from "../text.js";
import { Icon } from "./icons.js";
import { later } from "./later.js";

const Branches = later<{ app: App }>(async () => (await import("./branches.js")).Branches);
const Peek = later<{ app: App; step: number; x: number }>(async () => (await import("./peek.js")).Peek);

/** More marks than this cannot be told apart. */
const MARKS = 500;
const DEEDS: readonly Deed[] = ["other", "read", "write", "failed"];

async function travel({ session }: App, to: number, now?: number): Promise<boolean> {
  try {
    await session.travel(to, now);
    return true;
  } catch (error) {
    tell(`${session.base?.file.name}: ${(error as Error).message}`, true);
    return false;
  }
}

/** Back to before the last command that changed something. */
export async function back(app: App): Promise<void> {
  const { session } = app;
  let to = session.position.peek() - 1;
  while (to >= 0 && session.deed(session.events[to]!) !== "write") to--;
  if (to < 0) return tell(T.nothingToUndo);
  const { args } = session.events[to]!;
  if (await travel(app, to, session.clock.now())) tell(T.undone(said(args, 60)), false, { label: T.redo, act: () => void forth(app) });
}

/** On to where the next change stands again, and all that only looked at it. */
export async function forth(app: App): Promise<void> {
  const { session } = app;
  const { events } = session;
  let to = session.position.peek();
  if (to >= events.length) return tell(T.nothingToRedo);
  while (to < events.length && session.deed(events[to]!) !== "write") to++;
  if (to < events.length) to++;
  while (to < events.length && session.deed(events[to]!) !== "write") to++;
  await travel(app, to, session.clock.now());
}

/** Where the marks of each kind stand, as one path a kind; where there are very many, the strongest of those in one place. */
function marks(events: readonly Event[], deed: (event: Event) => Deed): Map<Deed, string> {
  const places = new Map<number, number>();
  const n = events.length;
  for (let i = 0; i < n; i++) {
    const place = n <= MARKS ? i + 1 : Math.ceil(((i + 1) / n) * MARKS);
    const kind = DEEDS.indexOf(deed(events[i]!));
    places.set(place, Math.max(places.get(place) ?? 0, kind));
  }
  const whole = Math.min(n, MARKS);
  const out = new Map<Deed, string>();
  for (const [place, kind] of places) {
    const name = DEEDS[kind]!;
    out.set(name, `${out.get(name) ?? ""}M${((place / whole) * 1000).toFixed(1)} 0v10`);
  }
  return out;
}

export function Timeline({ app }: { app: App }) {
  const { session, driver } = app;
  const wanted = useSignal<number | undefined>(undefined);
  /** The step that is looked at, and where it is pointed to. */
  const seen = useSignal<{ step: number; x: number } | undefined>(undefined);
  const branching = useSignal(false);
  const track = useRef<HTMLDivElement>(null);
  const events = session.events;
  const count = events.length;
  const position = wanted.value ?? session.position.value;
  const at = events[position - 1];
  const past = position < count;
  const drawn = marks(events, (event) => session.deed(event));
  const go = async (to: number): Promise<void> => {
    driver.running.value = false;
    wanted.value = to;
    await travel(app, to);
    if (wanted.value === to) wanted.value = undefined;
  };
  // A session on a file reads it once more for each journey: not while the hand is still on its way.
  const slow = session.base !== undefined;
  const beginning = session.base === undefined ? T.beginning : T.asRead(session.base.file.name);
  const branches = session.branches.value.length;
  const point = (event: PointerEvent): void => {
    const { left, width } = track.current!.getBoundingClientRect();
    const x = Math.min(Math.max(event.clientX - left - 8, 0), width - 16);
    const step = Math.round((x / (width - 16)) * count);
    seen.value = step > 0 ? { step, x: x + 8 } : undefined;
  };
  const look = (step: number): void => {
    const width = track.current!.clientWidth - 16;
    seen.value = step > 0 ? { step, x: (step / count) * width + 8 } : undefined;
  };
  return (
    <section class={past ? "timeline past" : "timeline"} aria-label={T.timeline}>
      <button type="button" class="quiet" disabled={position === 0} aria-label={T.undo} title={T.undoTitle} onClick={() => void back(app)}>
        <Icon name="undo" />
      </button>
      <button type="button" class="quiet" disabled={!past} aria-label={T.redo} title={T.redoTitle} onClick={() => void forth(app)}>
        <Icon name="redo" />
      </button>
      <div class="track" ref={track} onPointerMove={point} onPointerLeave={() => (seen.value = undefined)}>
        <svg class="marks" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">
          {DEEDS.map((deed) => drawn.has(deed) && <path key={deed} class={deed} d={drawn.get(deed)} />)}
        </svg>
        <input
          type="range"
          min={0}
          max={count}
          value={position}
          disabled={count === 0}
          aria-label={T.moment}
          aria-valuetext={at ? T.after(position, count, said(at.args, 80)) : beginning}
          onInput={(event) => {
            const to = Number(event.currentTarget.value);
            if (slow) wanted.value = to;
            else void go(to);
            look(to);
          }}
          onChange={(event) => slow && void go(Number(event.currentTarget.value))}
          onFocus={(event) => event.currentTarget.matches(":focus-visible") && look(position)}
          onBlur={() => (seen.value = undefined)}
        />
        {seen.value && seen.value.step <= count && <Peek app={app} step={seen.value.step} x={seen.value.x} />}
      </div>
      <output>
        {count === 0 ? (
          <span class="muted">{slow ? T.commandsAfter(beginning) : T.noCommands}</span>
        ) : (
          <>
            <b>{T.step(position, count)}</b>
            {past && (
              <>
                {" · "}
                <button type="button" class="now" onClick={() => void go(count)}>
                  {T.backToNow}
                </button>
              </>
            )}{" "}
            <code>{at ? said(at.args, 120) : beginning}</code>
          </>
        )}
      </output>
      {!slow && (
        <button type="button" class="quiet changes" disabled={count === 0} title={T.changesTitle} onClick={() => (asked.value = "diff")}>
          <Icon name="diff" /> <span>{T.changes}</span>
        </button>
      )}
      {branches > 0 && (
        <div class="branching">
          <button
            type="button"
            class="quiet"
            aria-label={`${branches} ${T.branches(branches)}`}
            aria-expanded={branching.value}
            onClick={() => {
              branching.value = !branching.value;
            }}
          >
            <Icon name="branch" /> <span>{branches}</span> <span class="word">{T.branches(branches)}</span>
          </button>
          {branching.value && <Branches app={app} />}
        </div>
      )}
    </section>
  );
}
