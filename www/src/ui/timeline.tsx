/**
 * The time line: every command of the session in order, as marks whose colour tells what it did. Going back makes that moment the
 * present; what is typed then branches off.
 */
import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
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
/** Marks move when there are more commands by so much: by less than one can see. */
const GROWN = 1.002;
const DEEDS: readonly Deed[] = ["other", "read", "write", "failed"];

async function travel({ session }: App, to: number, now?: number): Promise<boolean> {
  try {
    if (await session.travel(to, now)) return true;
    tell(T.overtaken, true);
    return false;
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

/**
 * Where the marks of each kind stand, as one path a kind; where there are very many, the strongest of those in one place. What comes
 * behind many goes to the last place, until there is enough of it for the others to move.
 */
class Marks {
  private events: readonly Event[] = [];
  /** How many of them are drawn, and how many the places are for. */
  private count = 0;
  private all = 0;
  /** For each place the deed, by its number in `DEEDS`; -1: none. */
  private readonly kinds = new Int8Array(MARKS + 1);
  private paths = new Map<Deed, string>();

  constructor(private readonly deed: (event: Event) => Deed) {}

  of(events: readonly Event[]): Map<Deed, string> {
    const n = events.length;
    const anew = events !== this.events || n < this.count || n <= MARKS || n > this.all * GROWN;
    if (!anew && n === this.count) return this.paths;
    if (anew) {
      this.kinds.fill(-1);
      this.count = 0;
      this.all = n;
    }
    for (let i = this.count; i < n; i++) {
      const place = n <= MARKS ? i + 1 : Math.min(Math.ceil(((i + 1) / this.all) * MARKS), MARKS);
      this.kinds[place] = Math.max(this.kinds[place]!, DEEDS.indexOf(this.deed(events[i]!)));
    }
    this.events = events;
    this.count = n;
    this.paths = new Map();
    const whole = Math.min(n, MARKS);
    this.kinds.forEach((kind, place) => {
      const name = DEEDS[kind];
      if (name !== undefined) this.paths.set(name, `${this.paths.get(name) ?? ""}M${((place / whole) * 1000).toFixed(1)} 0v10`);
    });
    return this.paths;
  }
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
  const drawn = useMemo(() => new Marks((event) => session.deed(event)), [session]).of(events);
  /** One journey at a time; while the hand moves on, to where it is when one is over. */
  const under = useRef(false);
  const go = async (to: number): Promise<void> => {
    driver.running.value = false;
    wanted.value = to;
    if (under.current) return;
    under.current = true;
    for (let last = -1; wanted.peek() !== undefined && wanted.peek() !== last; ) {
      last = wanted.peek()!;
      await travel(app, last);
      if (wanted.peek() === last) wanted.value = undefined;
    }
    under.current = false;
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
