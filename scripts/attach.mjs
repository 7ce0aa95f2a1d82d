/**
 * What `npm pack` and `npm publish` run first, in `pkg` (`prepack`): builds the component, and puts it and its world into the package, as
 * dist/component.wasm and dist/component.wit. A build does without. It says nothing on its output, which may be npm's JSON.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { build, dist, root, run } from "./common.mjs";

const options = { stdio: ["ignore", 2, 2] };
// make knows whether it is fresh; where there is none, as on Windows, it is built.
if (spawnSync("make", ["--version"]).status === 0) run("make", ["component"], options);
else run(process.execPath, [join(root, "scripts/component.mjs")], options);
for (const kind of ["wasm", "wit"]) copyFileSync(join(build, `component/wakey.component.${kind}`), join(dist, `component.${kind}`));
