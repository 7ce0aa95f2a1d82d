/**
 * `make fuzz`: garbage into the engine, native and as WebAssembly (ROUNDS=, SEED=). `make fuzz-redis REDIS=host:port`: random sessions, every
 * reply compared with a real server's (COMMANDS=, SEED=).
 */
import { bindgen, fail, run } from "./common.mjs";

const { ROUNDS = "1000000", COMMANDS = "1000000", SEED = String(Date.now() % 1000000), REDIS } = process.env;
const cargo = (binary, args) => run("cargo", ["run", "--profile", "fuzz", "-p", "fuzz", "--bin", binary, "--", ...args]);

if (process.argv[2] === "redis") {
  if (!REDIS) fail("make fuzz-redis REDIS=host:port: which server?");
  cargo("fuzz-redis", [REDIS, COMMANDS, SEED]);
} else {
  cargo("fuzz-garbage", [ROUNDS, SEED]);
  run("cargo", ["test", "--target", "wasm32-unknown-unknown", "--release", "--lib", "garbage"], {
    env: {
      ...process.env,
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: bindgen("wasm-bindgen-test-runner"),
      WASM_BINDGEN_TEST_TIMEOUT: "86400",
      WAKEY_ROUNDS: ROUNDS,
      WAKEY_SEED: SEED,
    },
  });
}
