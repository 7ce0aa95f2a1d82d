/**
 * Serves www/dist on the loopback interface, as `wakey ui` serves its page: `node scripts/site.mjs PORT`, and for tests under any path.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { open, site as serve } from "../pkg/dist/web.cjs";
import { root } from "./common.mjs";

export const SITE = join(root, "www/dist");

/**
 * Resolves with the server, which listens on 127.0.0.1: at `port`, or with `search` at the next one that is free. `base` is the path of the
 * site, with a slash at both ends; `resp` the port of a RESP server on this machine, which the page shows with `?live`.
 */
export async function site(port, base = "/", resp = undefined, search = false) {
  const shown = resp === undefined ? undefined : { name: `127.0.0.1:${resp}`, reach: () => open({ port: resp }) };
  const { server } = await serve({ folder: SITE, base, port, search, shown });
  return server;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const server = await site(Number(process.argv[2] ?? 8080));
  console.log(`The playground is on http://127.0.0.1:${server.address().port}/`);
}
