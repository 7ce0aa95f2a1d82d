/** `--stat`: what INFO says of keys, memory and clients, a line each time. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Link } from "../../prompt/links.js";
import type { Settings } from "../argv.js";
import { print } from "../print.js";
import { text } from "./scan.js";

/** Lines after which the heads of the columns are shown again. */
const PAGE = 20;
const HEAD =
  "------- data ------ --------------------- load -------------------- - child -\n" +
  "keys       mem      clients blocked requests            connections          \n";
const UNITS = ["B", "K", "M", "G", "T"];
const CHILDREN = [
  ["rdb_bgsave_in_progress", "SAVE"],
  ["aof_rewrite_in_progress", "AOF"],
  ["loading", "LOAD"],
] as const;

function bytes(n: number): string {
  let unit = 0;
  let left = n;
  for (; left >= 1024 && unit < UNITS.length - 1; unit++) left /= 1024;
  return unit === 0 ? `${left}B` : `${left.toFixed(2)}${UNITS[unit]}`;
}

/** Until it is ended; `times` lines for a test of it. */
export async function stat(on: Link, settings: Settings): Promise<number> {
  const times = settings.repeat === 1 ? Number.POSITIVE_INFINITY : settings.repeat;
  let before: number | undefined;
  for (let line = 0; line < times; line++) {
    const info = text(await on.send(["INFO"]));
    const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
    const keys = [...info.matchAll(/^db\d+:keys=(\d+)/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
    const requests = Number(field("total_commands_processed"));
    const more = before === undefined ? 0 : requests - before;
    before = requests;
    if (line % PAGE === 0) await print(HEAD);
    const columns: [string, number][] = [
      [String(keys), 10],
      [bytes(Number(field("used_memory"))), 8],
      [field("connected_clients"), 7],
      [field("blocked_clients"), 7],
      [`${requests} (+${more})`, 19],
      [field("total_connections_received"), 11],
      [CHILDREN.find(([name]) => field(name) === "1")?.[1] ?? "", 0],
    ];
    await print(`${columns.map(([value, width]) => value.padEnd(width)).join(" ")}\n`);
    if (line + 1 < times) await sleep((settings.interval ?? 1) * 1000);
  }
  return 0;
}
