/** A module of the page by itself, as it is in the bundle, for tests that need no page. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "../../pkg/test/support.mjs";

/** The console's function that strips prompts, without the console. */
const stripped = {
  name: "console",
  setup(plugin) {
    plugin.onResolve({ filter: /^wakey\/console$/ }, () => ({ path: join(root, "pkg/src/console/element.ts") }));
  },
};

export async function load(name) {
  const { outputFiles } = await build({
    entryPoints: [join(root, "www/src", name)],
    bundle: true,
    write: false,
    format: "esm",
    platform: "neutral",
    define: { __VERSION__: JSON.stringify(JSON.parse(readFileSync(join(root, "pkg/package.json"), "utf8")).version) },
    plugins: [stripped],
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`);
}
