/** Patterns of names as SCAN has them, on latin1 strings. A pattern costs at most its length times that of the name. */

/** Whether a filter is a pattern: else it is a part of the name. */
export const isGlob = (filter: string): boolean => /[*?[]/.test(filter);

/** A text as a pattern that means itself. */
export const literal = (text: string): string => text.replace(/[\\*?[\]]/g, "\\$&");

/** A filter as SCAN has it. */
export const scanned = (filter: string): string => (isGlob(filter) ? filter : `*${literal(filter)}*`);

/** Whether a class that begins behind `at` holds a char, and where it ends. */
function inClass(pattern: string, at: number, char: string): [held: boolean, end: number] {
  const not = pattern[at] === "^";
  let i = not ? at + 1 : at;
  let held = false;
  for (; i < pattern.length && pattern[i] !== "]"; i++) {
    if (pattern[i] === "\\" && i + 1 < pattern.length) held ||= pattern[++i] === char;
    else if (pattern[i + 1] === "-" && i + 2 < pattern.length) {
      const [low, high] = [pattern[i]!, pattern[i + 2]!].sort() as [string, string];
      held ||= char >= low && char <= high;
      i += 2;
    } else held ||= pattern[i] === char;
  }
  return [held !== not, i + 1];
}

/** Whether a name is one that the pattern means. */
export function globs(pattern: string, name: string): boolean {
  let p = 0;
  let n = 0;
  // Where to go on behind the last star, with a char more under it.
  let star = -1;
  let under = 0;
  while (n < name.length) {
    let fits = false;
    let next = p + 1;
    const is = pattern[p];
    if (is === "*") {
      star = ++p;
      under = n;
      continue;
    }
    if (is === "?") fits = true;
    else if (is === "[") [fits, next] = inClass(pattern, p + 1, name[n]!);
    else if (is === "\\" && p + 1 < pattern.length) {
      fits = pattern[p + 1] === name[n];
      next = p + 2;
    } else fits = is === name[n];
    if (fits) {
      p = next;
      n++;
    } else if (star >= 0) {
      p = star;
      n = ++under;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p >= pattern.length;
}

/** Names that a filter means: a pattern where it holds `*`, `?` or `[`, else those that hold it. */
export function matching(filter: string): (name: string) => boolean {
  if (filter === "") return () => true;
  if (!isGlob(filter)) return (name) => name.includes(filter);
  const plain = filter.slice(0, -1);
  if (filter.endsWith("*") && !/[\\*?[]/.test(plain)) return (name) => name.startsWith(plain);
  return (name) => globs(filter, name);
}
