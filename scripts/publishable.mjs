/**
 * What `npm publish` runs first, in `pkg` (`prepublishOnly`): refuses a package whose `package.json` does not say yet where it lives and whose
 * it is, or whose README was made before it did. `repository` and `author` are to be filled in, in `pkg/package.json`, and then `make build`.
 *
 * With `--built`, as before every packing (`prepack`), it only says whether all of the package is there.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { fail, pkg } from "./common.mjs";

/** Stands for what is to be filled in. */
const PLACEHOLDER = "TO-BE-FILLED-IN";

/** The web page of a package's repository. */
export function page({ repository }) {
  return repository.url.replace(/^git\+/, "").replace(/\.git$/, "");
}

/** A README as it is read on npm, where files of the repository are addresses. */
export function absolute(readme, manifest) {
  return readme.replace(
    /(!?)(\[[^\]]*\])\((?![a-z]+:|#)([^)]+)\)/g,
    (_, picture, text, path) => `${picture}${text}(${page(manifest)}/${picture ? "raw" : "blob"}/main/${path})`,
  );
}

/** What keeps a package from being published, in words. */
export function faults(manifest, readme) {
  const out = [];
  for (const field of ["author", "repository", "homepage", "bugs"]) {
    const value = JSON.stringify(manifest[field] ?? "");
    if (value === '""') out.push(`package.json has no ${field}`);
    else if (value.includes(PLACEHOLDER)) out.push(`package.json: ${field} is to be filled in: ${value}`);
  }
  for (const field of ["homepage", "bugs"])
    if (!JSON.stringify(manifest[field] ?? "").includes(page(manifest)))
      out.push(`package.json: ${field} is not in the repository ${page(manifest)}`);
  if (readme !== absolute(readme, manifest)) out.push("README.md has links that lead nowhere on npm: make build");
  else if (readme.includes(PLACEHOLDER)) out.push("README.md was made before package.json was filled in: make build");
  return out;
}

/** What a folder of the package lacks of what a build makes: the module, the scripts' types, the page of `wakey ui`. */
export function missing(folder) {
  return ["dist/core.wasm", "dist/types/node.d.cts", "dist/ui/index.html", "README.md"].filter((name) => !existsSync(join(folder, name)));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const lost = missing(pkg);
  if (lost.length > 0) fail(`there is no ${lost.join(", ")}: make build`);
  const read = (name) => readFileSync(join(pkg, name), "utf8");
  const found = process.argv.includes("--built") ? [] : faults(JSON.parse(read("package.json")), read("README.md"));
  if (found.length > 0) fail(`not to be published yet:\n  ${found.join("\n  ")}`);
}
