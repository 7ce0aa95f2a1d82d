/**
 * From the crate to the module: cargo, wasm-bindgen's generator, and what makes it smaller (`shrink.mjs`, binaryen). The package's module
 * is made so (`build.mjs`), and those without a group of commands that tell what the group weighs (`weights.mjs`); the component's is
 * shrunk so (`component.mjs`).
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binaryen, bind, MODULE, prepareToBind, run, target, wasmTarget } from "./common.mjs";
import { forgetWords, lastWords, likeness, silence } from "./shrink.mjs";

/**
 * Shrinks the module at `step`, of which panics are silent already, to `out`.
 *
 * @param {string} step is written over
 * @param {string} out
 * @param {{ address: number, length: number }[]} words what panics would have said
 * @param {string[]} [more] what else the module needs of a runtime
 */
export function shrink(step, out, words, more) {
  // Large functions that are called once stay where they are: smaller when compressed, and no slower. Nor is data split where it has zeros:
  // a run of them is three bytes when compressed, the head of a segment six.
  const kept = ["--one-caller-inline-max-function-size=15", "--skip-pass=memory-packing"];
  binaryen("wasm-opt", [step, "-o", step, "-O2", ...kept, "--strip-debug", "--strip-producers"], more);
  const silent = readFileSync(step);
  forgetWords(silent, words);
  writeFileSync(step, likeness(silent));
  binaryen("wasm-opt", [step, "-o", out, "--reorder-functions-by-name", "--strip-debug"], more);
}

/**
 * Makes `core.wasm` in `folder`, and in its folder `bindgen` what wasm-bindgen made.
 *
 * @param {string} folder
 * @param {string[]} [features] those of the crate; all of them if there are none
 */
export function make(folder, features) {
  wasmTarget();
  prepareToBind();
  const chosen = features === undefined ? [] : ["--no-default-features", "--features", features.join(",")];
  run("cargo", ["build", ...MODULE, ...chosen]);
  const out = join(folder, "bindgen");
  rmSync(out, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  bind(join(target(), "wasm32-unknown-unknown/release/wakey.wasm"), out);
  const step = join(out, "step.wasm");
  const bound = readFileSync(join(out, "core_bg.wasm"));
  writeFileSync(step, silence(bound));
  shrink(step, join(folder, "core.wasm"), lastWords(bound));
}
