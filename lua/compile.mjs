/**
 * Compiles the interpreter to WebAssembly: `node lua/compile.mjs SOURCES OUT`, called by build.rs. The compiler is clang as
 * WebAssembly itself (the npm package @yowasp/clang), the same one everywhere, so that the module is the same everywhere.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runClang, runLLVM } from "@yowasp/clang";

// V8 would spend more time optimising the compiler than the compiler needs for these few files.
setFlagsFromString("--liftoff-only");

const [sources, out] = process.argv.slice(2);
/** Numbers that do not fit into an integer become the least one, as on the servers that scripts were written for: so without nontrapping-fptoint. */
const FLAGS = ["-fwrapv", "-mbulk-memory", "-msimd128", "-msign-ext", "-mmutable-globals", "-mno-nontrapping-fptoint", "-w", "-I."];
/** What compiles scripts and opens libraries, once for a script: for size. The rest runs them: for speed. */
const COLD = new Set(["lauxlib", "lbaselib", "lcode", "ldebug", "llex", "lmathlib", "lobject", "lopcodes", "lparser", "lstate", "lzio"]);

const tree = Object.fromEntries(readdirSync(sources).map((name) => [name, readFileSync(join(sources, name))]));
// luaconf.h has another way out of errors.
tree["setjmp.h"] = "";
const units = Object.keys(tree).filter((name) => name.endsWith(".c"));
const quiet = {
  fetchProgress: () => {},
  stdout: () => {},
  stderr: (bytes) => bytes && process.stderr.write(bytes),
};
const objects = {};
for (const unit of units) {
  const object = unit.replace(/\.c$/, ".o");
  const level = COLD.has(unit.replace(/\.c$/, "")) ? "-Oz" : "-O3";
  const made = await runClang(["clang", level, ...FLAGS, "-c", unit, "-o", object], tree, quiet).catch((error) => {
    console.error(`${unit}: ${error.message}`);
    process.exit(1);
  });
  objects[object] = made[object];
}
const made = await runLLVM(["ar", "rcsD", "liblua.a", ...Object.keys(objects)], objects, quiet);
writeFileSync(join(out, "liblua.a"), made["liblua.a"]);
