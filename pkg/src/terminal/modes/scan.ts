/** `--scan`: the names of all keys; and the walk over them that the other modes stand on. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Link } from "../../prompt/links.js";
import type { Node } from "../../resp/nodes.js";
import { type Settings, UsageError } from "../argv.js";
import { printed, type Style } from "../formats.js";
import { print } from "../print.js";

/** A reply that must not be an error. */
export function good(node: Node | undefined): Node {
  if (node === undefined || node.type === "error") throw new UsageError(node === undefined ? "no reply" : node.text);
  return node;
}

/** The text of a reply, or an error. */
export function text(node: Node | undefined): string {
  const found = good(node);
  return "text" in found ? found.text : "";
}

/** Keys as SCAN gives them; waits for `-i` after so many scans. */
export async function* walk(on: Link, settings: Settings, pause = 1): AsyncGenerator<string[]> {
  const { pattern, count, type, interval = 0 } = settings;
  const rest = [
    ...(pattern === undefined ? [] : ["MATCH", pattern]),
    ...(count === undefined ? [] : ["COUNT", String(count)]),
    ...(type === undefined ? [] : ["TYPE", type]),
  ];
  let cursor = "0";
  for (let scans = 1; ; scans++) {
    const reply = good(await on.send(["SCAN", cursor, ...rest]));
    const [at, keys] = "items" in reply ? reply.items : [];
    cursor = text(at);
    yield keys !== undefined && "items" in keys ? keys.items.map(text) : [];
    if (cursor === "0") return;
    if (interval > 0 && scans % pause === 0) await sleep(interval * 1000);
  }
}

export async function scan(on: Link, settings: Settings, style: Style): Promise<number> {
  for await (const keys of walk(on, settings)) {
    await print(keys.map((key) => printed({ type: "string", text: key }, [], style)).join(""));
  }
  return 0;
}
