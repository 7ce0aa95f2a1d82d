/**
 * What changed in a list since it was last drawn, of the rows on the screen: new rows and other values flash, rows that are gone are seen to go.
 * The list tells what its rows are; the style sheet moves (`style/motion.css`), and does not where a person wants no motion.
 */
import { useRef } from "preact/hooks";

/** What a row is: its name, and all that it shows; undefined where that is not known yet. Rows of one name are told apart by their order. */
export interface Print {
  name: string | undefined;
  shows: string | undefined;
  /** It stays the same row when others come and go before it. */
  keyed?: boolean;
  /** It tells of others, as a group does, and neither flashes nor is seen to go. */
  mute?: boolean;
}

/** Milliseconds that a flash takes, and that what is gone is seen; as in style/motion.css. */
const FLASH = 1000;
export const FADE = 250;
/** More at a time tell nothing. */
const MOST = 16;

type How = "added" | "changed";

/** A row that was on the screen and is gone: where it stood. */
export interface Ghost {
  name: string;
  at: number;
}

/** The rows of a picture by their names: where they stood, and what they showed. */
type Picture = Map<string, Print & { at: number }>;

export class Motion {
  private before: Picture = new Map();
  /** Rows of the last picture of which it was not known what they are. */
  private unknown = new Set<number>();
  /** The first row of it; undefined: there was none. */
  private first: number | undefined;
  private count = 0;
  private readonly flashes = new Map<string, { how: How; since: number; until: number; n: number }>();

  /** `fresh`: the list was empty before, and not only not seen. */
  constructor(fresh: boolean) {
    if (fresh) this.first = 0;
  }

  /**
   * Another picture: rows from `first` on, where there are `count` of what is listed, on the screen or not. Returns the names of the rows, and those that have gone. `quiet`: more is to
   * come, and is compared with what was there before all of it.
   */
  draw(prints: readonly Print[], first: number, count: number, quiet = false, now = performance.now()): { names: string[]; gone: Ghost[] } {
    const after: Picture = new Map();
    const unknown = new Set<number>();
    const times = new Map<string, number>();
    const names = prints.map((print, i) => {
      const { name } = print;
      const at = first + i;
      if (name === undefined) {
        unknown.add(at);
        return `? ${at}`;
      }
      const n = times.get(name) ?? 0;
      times.set(name, n + 1);
      const full = n === 0 ? name : `${name} ${n}`;
      after.set(full, { ...print, at });
      return full;
    });
    if (quiet) return { names, gone: [] };
    // Where it was scrolled, what is there now was there before.
    const gone = this.first === first ? this.compare(after, count - this.count, now) : [];
    // Not before: what is still drawn as the last flash must not become one of the same look.
    for (const [name, { until, since }] of this.flashes) {
      // What comes into view in the midst of it would begin anew.
      const returned = since !== now && after.has(name) && !this.before.has(name);
      if (until < now || returned) this.flashes.delete(name);
    }
    this.before = after;
    this.unknown = unknown;
    this.first = first;
    this.count = count;
    return { names, gone };
  }

  private compare(after: Picture, grown: number, now: number): Ghost[] {
    const { before } = this;
    const added: string[] = [];
    const changed: string[] = [];
    let isKeyed = false;
    for (const [name, { at, shows, keyed, mute }] of after) {
      const old = before.get(name);
      isKeyed ||= keyed === true;
      if (old === undefined) {
        if (!this.unknown.has(at) && !mute) added.push(name);
      } else if (old.shows !== undefined && shows !== undefined && old.shows !== shows) changed.push(name);
    }
    const left = [...before].filter(([name, { mute }]) => !after.has(name) && !mute);
    if (changed.length <= MOST) this.flash(changed, "changed", now);
    // What came is no more than there is more of it; or, where rows are no more than what they show, it stands in the place of as many others.
    const replaced = !isKeyed && grown === 0 && added.length === left.length && added.length < after.size;
    if (added.length <= MOST && (added.length <= grown || replaced)) this.flash(added, replaced ? "changed" : "added", now);
    return left.length <= Math.min(-grown, MOST) ? left.map(([name, { at }]) => ({ name, at })) : [];
  }

  private flash(names: readonly string[], how: How, now: number): void {
    for (const name of names) this.flashes.set(name, { how, since: now, until: now + FLASH, n: (this.flashes.get(name)?.n ?? 0) + 1 });
  }

  /** The class of a row. Two of the same look follow each other, so that a flash begins anew. */
  of(name: string): string {
    const found = this.flashes.get(name);
    return found === undefined ? "" : ` ${found.how}${found.n % 2 === 0 ? " again" : ""}`;
  }
}

/** The class of a value by itself, which flashes where it is another than it was. */
export function useFlash(value: string | undefined): string {
  const last = useRef(value);
  const times = useRef(0);
  if (last.current !== undefined && value !== undefined && last.current !== value) times.current++;
  last.current = value;
  return times.current === 0 ? "" : ` value-changed${times.current % 2 === 0 ? " again" : ""}`;
}

/** Whether a person wants nothing to move. */
export function isStill(): boolean {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
