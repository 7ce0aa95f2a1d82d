/** `--latency`, `--latency-history`, `--latency-dist`: how long a PING takes, again and again, as redis-cli shows it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Link } from "../../prompt/links.js";
import type { Settings } from "../argv.js";
import { print } from "../print.js";

/** Milliseconds between two samples. */
const BETWEEN = 10;
/** Seconds of a line of `--latency-history`, of one of `--latency-dist`, and of `--latency` where no terminal reads. */
const HISTORY = 15;
const DIST = 1;
const ONCE = 1;
const CLEAR = "\x1b[0G\x1b[2K";

class Samples {
  private min = Number.POSITIVE_INFINITY;
  private max = 0;
  private sum = 0;
  count = 0;

  add(milliseconds: number): void {
    const whole = Math.floor(milliseconds);
    this.min = Math.min(this.min, whole);
    this.max = Math.max(this.max, whole);
    this.sum += whole;
    this.count++;
  }

  shown(form: "raw" | "csv" | "line"): string {
    const average = (this.sum / this.count).toFixed(2);
    if (form === "line") return `min: ${this.min}, max: ${this.max}, avg: ${average} (${this.count} samples)`;
    return [this.min, this.max, average, this.count].join(form === "csv" ? "," : " ");
  }
}

async function ping(on: Link): Promise<number> {
  const start = performance.now();
  await on.send(["PING"]);
  return performance.now() - start;
}

export async function latency(on: Link, settings: Settings): Promise<number> {
  const { mode, form, interval } = settings;
  if (mode === "latency-dist") return spectrum(on, interval ?? DIST);
  const history = mode === "latency-history";
  const live = process.stdout.isTTY && form !== "raw" && form !== "csv";
  const seconds = interval ?? (history ? HISTORY : ONCE);
  for (;;) {
    const samples = new Samples();
    const start = performance.now();
    let last = start;
    while ((live && !history) || last - start < seconds * 1000) {
      samples.add(await ping(on));
      if (live) await print(`${CLEAR}${samples.shown("line")}`);
      await sleep(BETWEEN);
      last = performance.now();
    }
    const range = ` -- ${((last - start) / 1000).toFixed(2)} seconds range\n`;
    if (!history) return await print(`${samples.shown(form === "csv" ? "csv" : "raw")}\n`).then(() => 0);
    if (live) await print(range);
    else await print(form === "csv" || form === "raw" ? `${samples.shown(form)}\n` : `${samples.shown("line")}${range}`);
  }
}

/** Up to so many milliseconds, and the letter of that. */
const BUCKETS: readonly [number, string][] = [
  [0.01, "."],
  [0.125, "-"],
  [0.25, "*"],
  [0.5, "#"],
  ...Array.from({ length: 9 }, (_, i): [number, string] => [i + 1, String(i + 1)]),
  ...[..."ABCDE"].map((letter, i): [number, string] => [(i + 1) * 10, letter]),
  ...[..."FGHIJ"].map((letter, i): [number, string] => [(i + 1) * 100, letter]),
  ...[1, 2, 4, 8, 16, 30, 60].map((s, i): [number, string] => [s * 1000, "KLMNOPQ"[i] as string]),
  [Number.POSITIVE_INFINITY, "?"],
];
/** Of a terminal's 256 colours, from none of the samples to all of them. */
const SHADES = [0, 233, 234, 235, 237, 239, 241, 243, 245, 247, 144, 143, 142, 184, 226, 214, 208, 202, 196];
const LEGEND =
  "---------------------------------------------\n" +
  ". - * #          .01 .125 .25 .5 milliseconds\n" +
  "1,2,3,...,9      from 1 to 9     milliseconds\n" +
  "A,B,C,D,E        10,20,30,40,50  milliseconds\n" +
  "F,G,H,I,J        .1,.2,.3,.4,.5       seconds\n" +
  "K,L,M,N,O,P,Q,?  1,2,4,8,16,30,60,>60 seconds\n";
/** Lines after which the legend is shown again. */
const PAGE = 20;

/** How the samples of each interval are spread, a line each. */
async function spectrum(on: Link, seconds: number): Promise<number> {
  for (let line = 0; ; line++) {
    if (line % PAGE === 0) {
      const shades = SHADES.map((shade) => `\x1b[48;5;${shade}m `).join("");
      await print(`${LEGEND}From 0 to 100%: ${shades}\x1b[0m\n---------------------------------------------\n`);
    }
    const counts = BUCKETS.map(() => 0);
    let all = 0;
    for (const start = performance.now(); performance.now() - start < seconds * 1000; all++) {
      const took = await ping(on);
      const at = BUCKETS.findIndex(([most]) => took <= most);
      counts[at] = (counts[at] as number) + 1;
      await sleep(BETWEEN);
    }
    const cells = BUCKETS.map(([, letter], i) => {
      const share = Math.ceil(((counts[i] as number) / all) * (SHADES.length - 1));
      return `\x1b[48;5;${SHADES[share]}m${letter}`;
    });
    await print(`\x1b[38;5;0m${cells.join("")}\x1b[0m\n`);
  }
}
