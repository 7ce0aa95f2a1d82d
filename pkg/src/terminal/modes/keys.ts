/** `--bigkeys`, `--memkeys`, `--hotkeys`: which keys are the largest of their type, or the most used. Texts as redis-cli has them. */
import { quote } from "../../prompt/format.js";
import type { Link } from "../../prompt/links.js";
import type { Node } from "../../resp/nodes.js";
import { type Settings, UsageError } from "../argv.js";
import { print } from "../print.js";
import { text, walk } from "./scan.js";

/** How the size of a type is asked for, and what it counts. The types that have always been there are listed also where there are none. */
const SIZES: { [type: string]: { command: string; unit: string; always: boolean } } = {
  list: { command: "LLEN", unit: "items", always: true },
  hash: { command: "HLEN", unit: "fields", always: true },
  stream: { command: "XLEN", unit: "entries", always: true },
  string: { command: "STRLEN", unit: "bytes", always: true },
  set: { command: "SCARD", unit: "members", always: true },
  zset: { command: "ZCARD", unit: "members", always: true },
  array: { command: "ARCOUNT", unit: "elements", always: false },
  vectorset: { command: "VCARD", unit: "elements", always: false },
};
/** How many keys the summary of `--hotkeys` names. */
const HOT = 16;
/** Scans between two waits of `-i`. */
const PAUSE = 100;

interface Found {
  keys: number;
  sum: number;
  biggest: number;
  name: string;
}

const percent = (part: number, whole: number): string => ((100 * part) / Math.max(whole, 1)).toFixed(2).padStart(5, "0");
const number = (node: Node | undefined): number => (node !== undefined && node.type === "int" ? Number(node.text) : 0);
const intro = (what: string): string =>
  `\n# Scanning the entire keyspace to find ${what} as well as\n# average sizes per key type.  You can use -i 0.1 to sleep 0.1 sec\n` +
  "# per 100 SCAN commands (not usually needed).\n\n";

/** The keys by elements, or by bytes. */
export async function bigKeys(on: Link, settings: Settings): Promise<number> {
  const inBytes = settings.mode === "memkeys";
  const samples = settings.samples === undefined ? [] : ["SAMPLES", String(settings.samples)];
  await print(intro("biggest keys"));
  const found = new Map<string, Found>();
  for (const [type, { always }] of Object.entries(SIZES)) if (always) found.set(type, { keys: 0, sum: 0, biggest: 0, name: "" });
  const unitOf = (type: string): string => (inBytes ? "bytes" : (SIZES[type]?.unit ?? "?"));
  const total = number(await on.send(["DBSIZE"]));
  let sampled = 0;
  let names = 0;
  for await (const keys of walk(on, settings, PAUSE)) {
    const done = percent(sampled, total);
    const types = (await on.sendAll(keys.map((key) => ["TYPE", key]))).map(text);
    const sizes = await on.sendAll(
      keys.map((key, i) => {
        if (inBytes) return ["MEMORY", "USAGE", key, ...samples];
        return [SIZES[types[i] as string]?.command ?? "TYPE", key];
      }),
    );
    for (const [i, key] of keys.entries()) {
      const type = types[i] as string;
      // It has gone meanwhile.
      if (type === "none") continue;
      const size = number(sizes[i]);
      const of = found.get(type) ?? { keys: 0, sum: 0, biggest: 0, name: "" };
      found.set(type, of);
      sampled++;
      names += key.length;
      of.keys++;
      of.sum += size;
      if (size > of.biggest) {
        [of.biggest, of.name] = [size, key];
        await print(`[${done}%] Biggest ${type.padEnd(6)} found so far ${quote(key)} with ${size} ${unitOf(type)}\n`);
      }
    }
  }
  const average = (sum: number, count: number): string => (count === 0 ? 0 : sum / count).toFixed(2);
  await print(`\n-------- summary -------\n\nSampled ${sampled} keys in the keyspace!\n`);
  await print(`Total key length in bytes is ${names} (avg len ${average(names, sampled)})\n\n`);
  for (const [type, { name, biggest }] of found) {
    if (biggest > 0) await print(`Biggest ${type.padStart(6)} found ${quote(name)} has ${biggest} ${unitOf(type)}\n`);
  }
  await print("\n");
  for (const [type, { keys, sum }] of found) {
    await print(`${keys} ${type}s with ${sum} ${unitOf(type)} (${percent(keys, sampled)}% of keys, avg size ${average(sum, keys)})\n`);
  }
  return 0;
}

/** The keys by how often they are used, as an LFU counts. */
export async function hotKeys(on: Link, settings: Settings): Promise<number> {
  await print(intro("hot keys"));
  const hot: { name: string; counter: number }[] = [];
  const total = number(await on.send(["DBSIZE"]));
  let sampled = 0;
  for await (const keys of walk(on, settings, PAUSE)) {
    const done = percent(sampled, total);
    const counters = await on.sendAll(keys.map((key) => ["OBJECT", "FREQ", key]));
    for (const [i, name] of keys.entries()) {
      const reply = counters[i] as Node;
      if (reply.type === "error") throw new UsageError(`Error: ${reply.text}`);
      sampled++;
      const counter = number(reply);
      if (counter === 0 || (hot.length === HOT && counter <= (hot[HOT - 1] as { counter: number }).counter)) continue;
      const at = hot.findIndex((one) => one.counter < counter);
      hot.splice(at < 0 ? hot.length : at, 0, { name, counter });
      hot.length = Math.min(hot.length, HOT);
      await print(`[${done}%] Hot key ${quote(name)} found so far with counter ${counter}\n`);
    }
  }
  await print(`\n-------- summary -------\n\nSampled ${sampled} keys in the keyspace!\n`);
  for (const { name, counter } of hot) await print(`hot key found with counter: ${counter}\tkeyname: ${quote(name)}\n`);
  return 0;
}
