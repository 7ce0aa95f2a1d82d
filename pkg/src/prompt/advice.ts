/** What there is to say about a command that is unknown: which one was meant, or why it is not here. The reply itself stays Redis's. */
import type { Node } from "../resp/nodes.js";
import type { Doc } from "./hints.js";
import { nearest } from "./suggest.js";

/** Commands of Redis that are not here, as COMPAT.md has them; and modules, by what their commands begin with. */
export const MISSING = ["MIGRATE", "MODULE", "PSYNC", "REPLCONF", "RESTORE-ASKING", "SYNC", "TRIMSLOTS"];
const MODULES: { [prefix: string]: string } = {
  JSON: "RedisJSON",
  FT: "Redis Search",
  TS: "RedisTimeSeries",
  BF: "RedisBloom",
  CF: "RedisBloom",
  CMS: "RedisBloom",
  TOPK: "RedisBloom",
  TDIGEST: "RedisBloom",
  GRAPH: "RedisGraph",
};

/** A line of advice on a reply; undefined where there is none to give. */
export function advice(docs: ReadonlyMap<string, Doc>, args: readonly string[], reply: Node): string | undefined {
  if (reply.type !== "error" || !/^\w+ unknown (sub)?command/i.test(reply.text)) return undefined;
  const name = (args[0] ?? "").toUpperCase();
  if (docs.has(name)) {
    const subs = [...docs.keys()].filter((one) => one.startsWith(`${name} `));
    return asking(nearest(`${name} ${args[1] ?? ""}`, subs));
  }
  if (MISSING.includes(name)) return `${name} is not in Wakey.`;
  const prefix = /^([A-Z]+)\./.exec(name)?.[1] ?? "";
  if (Object.hasOwn(MODULES, prefix)) return `${name} belongs to ${MODULES[prefix]}, which is not in Wakey.`;
  return didYouMean(docs, name);
}

function asking(meant: string | undefined): string | undefined {
  return meant && `Did you mean ${meant}?`;
}

/** The question after a name, of a command or a subcommand, that is none; undefined where no other is near. */
export function didYouMean(docs: ReadonlyMap<string, Doc>, name: string): string | undefined {
  return asking(nearest(name, name.includes(" ") ? docs.keys() : [...docs.keys()].filter((one) => !one.includes(" "))));
}
