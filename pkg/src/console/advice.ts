/** What there is to say about a command that is unknown: which one was meant, or why it is not here. The reply itself stays Redis's. */
import type { Doc } from "../prompt/hints.js";
import type { Node } from "../resp/nodes.js";

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

/** The name that is nearest to one of people; undefined where none is near. Of several, the one that begins alike, and then the shortest. */
function nearest(names: Iterable<string>, name: string): string | undefined {
  const most = name.length < 4 ? 1 : 2;
  let found: { name: string; far: number } | undefined;
  for (const one of names) {
    const far = distance(name, one, most) - (one[0] === name[0] ? 0.5 : 0) + one.length / 1000;
    if (far <= most && (found === undefined || far < found.far)) found = { name: one, far };
  }
  return found?.name;
}

/** A line of advice on a reply; undefined where there is none to give. */
export function advice(docs: ReadonlyMap<string, Doc>, args: readonly string[], reply: Node): string | undefined {
  if (reply.type !== "error" || !/^\w+ unknown (sub)?command/i.test(reply.text)) return undefined;
  const name = (args[0] ?? "").toUpperCase().slice(0, 40);
  if (docs.has(name)) {
    const subs = [...docs.keys()].filter((one) => one.startsWith(`${name} `));
    const meant = nearest(subs, `${name} ${(args[1] ?? "").toUpperCase().slice(0, 40)}`);
    return meant && `Did you mean ${meant}?`;
  }
  if (MISSING.includes(name)) return `${name} is not in Wakey.`;
  const prefix = /^([A-Z]+)\./.exec(name)?.[1] ?? "";
  if (Object.hasOwn(MODULES, prefix)) return `${name} belongs to ${MODULES[prefix]}, which is not in Wakey.`;
  const meant = nearest(
    [...docs.keys()].filter((one) => !one.includes(" ")),
    name,
  );
  return meant && `Did you mean ${meant}?`;
}
