/**
 * The package `redis` without its own file. `jest.mock("redis", () => require("wakey/redis-mock"))` leads whoever requires `redis` to
 * the drop-in, the drop-in too: what it is made of is required here, from where `redis` is. The build takes this in CommonJS.
 */
import { requireWithin } from "./within.js";

type Make = (options?: { modules?: object }, ...rest: unknown[]) => unknown;

const MAKERS = ["createClient", "createClientPool", "createCluster", "createSentinel"];

/** What `redis` exports, in its majors 4 to 6. */
export function redis(): Record<string, unknown> {
  const part = (name: string): Record<string, unknown> | undefined => requireWithin("redis", `@redis/${name}`);
  const client = part("client");
  if (client === undefined) throw new Error("wakey/redis-mock needs the package redis");
  const out = { ...client };
  const modules: Record<string, unknown> = {};
  for (const [name, as] of Object.entries({ bloom: undefined, graph: "graph", json: "json", search: "ft", "time-series": "ts" })) {
    const { default: commands, ...rest } = part(name) ?? {};
    if (commands === undefined) continue;
    for (const [key, value] of Object.entries(rest)) out[key] ??= value;
    if (as === undefined) Object.assign(modules, commands);
    else modules[as] = commands;
  }
  for (const name of MAKERS) {
    const make = client[name] as Make | undefined;
    if (make !== undefined)
      out[name] = (options?: { modules?: object }, ...rest: unknown[]) =>
        make({ ...options, modules: { ...modules, ...options?.modules } }, ...rest);
  }
  return out;
}
