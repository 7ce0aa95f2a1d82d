/** `wakey load dump.rdb`: what is in a file, or the file into a store. */
import { createReadStream, statSync } from "node:fs";
import type { Wakey } from "../client/client.js";
import type { RdbProgress } from "../client/rdb.js";
import type { Open } from "../open/open.js";
import type { OpenOptions } from "../open/options.js";
import { type Settings, UsageError } from "./argv.js";

/** Keys that one SCAN looks at. */
const COUNT = 1000;

/** Databases that a file may have. */
const MOST = 16384;

/** How many keys there are of each type, and in how many databases. */
function count(db: Wakey): { types: Map<string, number>; keys: number; databases: number } {
  const types = new Map<string, number>();
  const filled = [...db.info("keyspace").matchAll(/^db(\d+):/gm)].map(([, number]) => Number(number));
  let keys = 0;
  for (const database of filled) {
    db.select(database);
    let cursor = "0";
    do {
      const [next, found] = db.bytes.scan(cursor, "COUNT", COUNT);
      cursor = String.fromCharCode(...(next as Uint8Array));
      for (const key of found as Uint8Array[]) {
        const type = String(db.type(key));
        types.set(type, (types.get(type) ?? 0) + 1);
        keys++;
      }
    } while (cursor !== "0");
  }
  return { types, keys, databases: filled.length };
}

/** Shows on a terminal how far it is. */
function shown(size: number): (progress: RdbProgress) => void {
  const { stderr } = process;
  if (!stderr.isTTY) return () => {};
  return ({ loaded }) => void stderr.write(`\r${Math.floor((100 * loaded) / Math.max(size, 1))} %${loaded === size ? "\n" : ""}`);
}

export async function load(file: string, settings: Settings, open: Open): Promise<number> {
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) throw new UsageError(`there is no file ${file}`);
  const { into, merge } = settings;
  const options = into === undefined ? { databases: MOST, ...settings.open } : { ...settings.open, store: into };
  const db = await open(options as OpenOptions);
  try {
    await db.importRdb(createReadStream(file, { highWaterMark: 1 << 20 }), { merge, onProgress: shown(size) });
    const { types, keys, databases } = count(db);
    const many = databases === 1 ? "database" : "databases";
    process.stdout.write(`${keys} keys in ${databases} ${many}, ${size} bytes of file${into === undefined ? "" : `, into ${into}`}\n`);
    for (const [type, n] of [...types].sort((a, b) => b[1] - a[1])) process.stdout.write(`  ${type.padEnd(8)} ${n}\n`);
    return 0;
  } finally {
    await db.close();
  }
}
