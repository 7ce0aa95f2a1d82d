/** "Did you mean": the word among others that a mistyped one is nearest to. */

/** A longer word is nobody's slip. */
const LONGEST = 40;

/** How many letters were left out, put in, changed, or stand in the other order; more than `most` is `most` + 1. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/**
 * The nearest of `names` to a word, whatever its case; undefined where none is near: a letter off, or two in a longer one that begins alike.
 * Of several, the one that begins alike, and then the shortest.
 */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  if (word.length > LONGEST) return undefined;
  const wanted = word.toUpperCase();
  const most = wanted.length < 4 ? 1 : 2;
  let found: { name: string; far: number } | undefined;
  for (const name of names) {
    const one = name.toUpperCase();
    const alike = one[0] === wanted[0];
    const letters = distance(wanted, one, most);
    const far = letters - (alike ? 0.5 : 0) + one.length / 1000;
    if (letters <= (alike ? most : 1) && (found === undefined || far < found.far)) found = { name, far };
  }
  return found?.name;
}
