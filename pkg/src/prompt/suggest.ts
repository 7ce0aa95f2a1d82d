/** "Did you mean": the word among others that a mistyped one is nearest to. */

/** How many letters are to be changed, added, left out or exchanged with their neighbour to make `a` of `b`. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}

/** The nearest of `names` to a word, whatever its case; undefined where none is near: a letter off, or two of five and more. */
export function nearest(word: string, names: Iterable<string>): string | undefined {
  const upper = word.toUpperCase();
  if (upper.length > 40) return undefined;
  let best: string | undefined;
  let least = upper.length < 5 ? 2 : 3;
  for (const name of names) {
    if (Math.abs(name.length - upper.length) >= least) continue;
    const far = distance(upper, name.toUpperCase());
    if (far < least) [best, least] = [name, far];
  }
  return best;
}
