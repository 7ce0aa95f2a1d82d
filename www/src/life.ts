/** Times to live as people type them: `90`, `90s`, `1h 30m`, or a moment in UTC, `2026-12-31 18:00`. */

const UNITS: { [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds from now, or since the epoch; undefined where it is neither. */
export function life(text: string): { after: number } | { at: number } | undefined {
  const typed = text.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(typed)) return after(Number(typed) * 1000);
  if (/^(\d+(\.\d+)?\s*(ms|[smhdw])\s*)+$/.test(typed)) {
    let sum = 0;
    for (const [, n, unit] of typed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[smhdw])/g)) sum += Number(n) * UNITS[unit!]!;
    return after(sum);
  }
  const day = /^(\d{4}-\d\d-\d\d)(?:[t ]+(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?))?(?: ?(?:z|utc))?$/.exec(typed);
  if (day === null) return undefined;
  const at = Date.parse(`${day[1]}T${day[2] ?? "00:00"}Z`);
  return Number.isFinite(at) ? { at } : undefined;
}

function after(ms: number): { after: number } | undefined {
  const whole = Math.round(ms);
  return whole > 0 && whole < 2 ** 52 ? { after: whole } : undefined;
}

/** A moment as it may be typed. */
export function moment(at: number): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().replace("T", " ").slice(0, 19);
}
