/**
 * `make docs`: the API reference, from the sources' own comments, by TypeDoc, as `api/` of the site: `node scripts/docs.mjs [folder]`. A
 * warning is a failure: every public name is documented, and every link leads somewhere (`docs/api/typedoc.json`).
 *
 * TypeDoc and the compiler that it needs, which is not the one that checks the package, have a folder of their own, `docs/api`.
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { install } from "../pkg/test/support.mjs";
import { fail, root, run } from "./common.mjs";

const home = join(root, "docs/api");
const out = resolve(process.argv[2] ?? join(root, "www/dist/api"));

/** What a page does before it is drawn stands in each of them; the site's policy wants scripts to be files. */
const INLINE = /<script>(document\.documentElement[^<]*)<\/script>/;

install(home);
rmSync(out, { recursive: true, force: true });
run(process.execPath, ["node_modules/typedoc/bin/typedoc", "--out", out, "--logLevel", "Warn"], { cwd: home });
let first;
for (const file of readdirSync(out, { recursive: true })) {
  if (!file.endsWith(".html")) continue;
  const path = join(out, file);
  const text = readFileSync(path, "utf8");
  const [, code] = INLINE.exec(text) ?? fail(`${file}: another kind of page than TypeDoc wrote so far`);
  first ??= code;
  if (code !== first) fail(`${file}: another script than in other pages`);
  const up = "../".repeat(file.split(/[/\\]/).length - 1);
  writeFileSync(path, text.replace(INLINE, `<script src="${up}assets/first.js"></script>`));
}
writeFileSync(join(out, "assets/first.js"), first);
