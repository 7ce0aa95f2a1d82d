/** Shares as tiles: the squarified layout of Bruls, Huizing and van Wijk, which keeps tiles as square as it can. */

export interface Tile<T> {
  of: T;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Tiles in a rectangle, for shares that are in order, the largest first; those of nothing get none. */
export function tiles<T>(all: readonly T[], share: (one: T) => number, width: number, height: number): Tile<T>[] {
  const out: Tile<T>[] = [];
  const total = all.reduce((sum, one) => sum + Math.max(0, share(one)), 0);
  if (total <= 0) return out;
  const scale = (width * height) / total;
  let [x, y, w, h] = [0, 0, width, height];
  let row: [T, number][] = [];
  let sum = 0;
  /** How far from a square the worst tile of a row is, along a side of this length. */
  const worst = (row: readonly [T, number][], sum: number, side: number): number =>
    row.reduce((most, [, area]) => Math.max(most, (side * side * area) / (sum * sum), (sum * sum) / (side * side * area)), 0);
  const place = (): void => {
    const across = w >= h;
    const thick = sum / (across ? h : w);
    let at = across ? y : x;
    for (const [of, area] of row) {
      const long = area / thick;
      out.push(across ? { of, x, y: at, width: thick, height: long } : { of, x: at, y, width: long, height: thick });
      at += long;
    }
    if (across) [x, w] = [x + thick, w - thick];
    else [y, h] = [y + thick, h - thick];
    row = [];
    sum = 0;
  };
  for (const one of all) {
    const area = share(one) * scale;
    if (area <= 0) continue;
    const side = Math.min(w, h);
    const next: [T, number][] = [...row, [one, area]];
    if (row.length > 0 && worst(next, sum + area, side) > worst(row, sum, side)) place();
    row.push([one, area]);
    sum += area;
  }
  if (row.length > 0) place();
  return out;
}
