/**
 * Makes `src/world.gen.ts`, the coasts of the map of places: `node www/world.mjs FOLDER`, where the folder is that of the npm package
 * `world-atlas` (2.0.2, ISC), which holds Natural Earth's land (1:50m, public domain) as TopoJSON.
 *
 * Coasts are thinned by Douglas and Peucker until they are under 20 KB: points on a grid of a tenth of a degree, each as its way from the
 * one before, in Google's polyline form; rings are divided by spaces.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const MOST = 20_000;
/** Points to a degree. */
const GRID = 10;
/** Square degrees of the smallest island. */
const ISLAND = 0.2;

const { arcs, transform, objects } = JSON.parse(readFileSync(join(process.argv[2], "land-50m.json"), "utf8"));
const [sx, sy] = transform.scale;
const [tx, ty] = transform.translate;
const decoded = arcs.map((arc) => {
  let x = 0;
  let y = 0;
  return arc.map(([dx, dy]) => {
    x += dx;
    y += dy;
    return [x * sx + tx, y * sy + ty];
  });
});
const ring = (indexes) =>
  indexes.flatMap((i, at) => {
    const points = i < 0 ? [...decoded[~i]].reverse() : decoded[i];
    return at === 0 ? points : points.slice(1);
  });
const rings = objects.land.geometries.flatMap(({ type, arcs }) => (type === "MultiPolygon" ? arcs.flat() : arcs)).map(ring);

const area = (points) =>
  Math.abs(points.reduce((sum, [x], i) => sum + x * (points[(i + 1) % points.length][1] - points.at(i - 1)[1]), 0)) / 2;

/** Points that stray further than `far` from the line between their neighbours. */
function thinned(points, far) {
  const keep = new Set([0, points.length - 1]);
  const ways = [[0, points.length - 1]];
  for (let way = ways.pop(); way !== undefined; way = ways.pop()) {
    const [low, high] = way;
    const [ax, ay] = points[low];
    const [bx, by] = points[high];
    const long = Math.hypot(bx - ax, by - ay);
    let most = 0;
    let at = low;
    for (let i = low + 1; i < high; i++) {
      const [x, y] = points[i];
      const off = long === 0 ? Math.hypot(x - ax, y - ay) : Math.abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / long;
      if (off > most) [most, at] = [off, i];
    }
    if (most <= far) continue;
    keep.add(at);
    ways.push([low, at], [at, high]);
  }
  return points.filter((_, i) => keep.has(i));
}

function number(n) {
  let out = "";
  let left = n < 0 ? ~(n << 1) : n << 1;
  for (; left >= 32; left >>= 5) out += String.fromCharCode((32 | (left & 31)) + 63);
  return out + String.fromCharCode(left + 63);
}

function written(points) {
  let before = [0, 0];
  let out = "";
  for (const [x, y] of points) {
    const at = [Math.round(x * GRID), Math.round(y * GRID)];
    if (out !== "" && at[0] === before[0] && at[1] === before[1]) continue;
    out += number(at[0] - before[0]) + number(at[1] - before[1]);
    before = at;
  }
  return out;
}

const large = rings.filter((points) => area(points) >= ISLAND);
let text = "";
let far = 0.02;
for (; ; far += 0.005) {
  text = large
    .map((points) => written(thinned(points, far)))
    .filter((ring) => ring.length > 8)
    .join(" ");
  if (text.length < MOST - 400) break;
}
console.log(`${large.length} of ${rings.length} rings, ${text.length} bytes, ${far.toFixed(3)} degrees`);
const head = "/** The coasts of the world, made by `www/world.mjs` from Natural Earth's land, which is in the public domain. */\n";
writeFileSync(
  join(import.meta.dirname, "src/world.gen.ts"),
  `${head}export const GRID = ${GRID};\n// biome-ignore format: it is no text\nexport const COASTS =\n  ${JSON.stringify(text)};\n`,
);
