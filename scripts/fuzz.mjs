/**
 * `make fuzz`: garbage into the engine, native (garbage; dumps: payloads and RDB files) and as WebAssembly (module), and into what faces a network (edge), ROUNDS=
 * each; damaged folders (FOLDERS=); simulated browsers that share a store (BROWSERS=); sessions that a native engine and the module
 * both play (ENGINES=); all from SEED=. Names of parts as arguments run only these. `make fuzz-redis REDIS=host:port`: random
 * sessions, every reply compared with a real server's (COMMANDS=, SEED=), and the same with scripts (SCRIPTS=).
 */
import { fail, pkg, run, testRunner } from "./common.mjs";

const {
  ROUNDS = "1000000",
  FOLDERS = "20000",
  BROWSERS = "100000",
  ENGINES = "1000",
  COMMANDS = "1000000",
  SCRIPTS = "200000",
  REDIS,
} = process.env;
const { SEED = String(Date.now() % 1000000) } = process.env;
const cargo = (binary, args) => run("cargo", ["run", "--profile", "fuzz", "-p", "fuzz", "--bin", binary, "--", ...args]);

/** Runs so many, in pieces, and says how far it is. What does not hold is thrown, with its seed. */
async function pieces(name, total, runs) {
  const size = Math.max(1, Math.ceil(total / 20));
  for (let done = 0; done < total; ) {
    const n = Math.min(size, total - done);
    const seen = await runs(n, Number(SEED) + done);
    done += n;
    console.log(`${name}: ${done} of ${total}, from seed ${SEED}; the last ${n}: ${JSON.stringify(seen)}`);
  }
}

const parts = {
  garbage: () => cargo("fuzz-garbage", [ROUNDS, SEED]),
  dumps: () => cargo("fuzz-rdb", [ROUNDS, SEED]),
  module: () =>
    run("cargo", ["test", "--target", "wasm32-unknown-unknown", "--release", "--lib", "garbage"], {
      env: {
        ...process.env,
        CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: testRunner(),
        WASM_BINDGEN_TEST_TIMEOUT: "86400",
        WAKEY_ROUNDS: ROUNDS,
        WAKEY_SEED: SEED,
      },
    }),
  edge: () => run(process.execPath, ["--test", "scripts/fuzz-edge.mjs"], { env: { ...process.env, ROUNDS, SEED } }),
  folders: async () => pieces("folders", Number(FOLDERS), (await import("../pkg/test/damage.mjs")).damaged),
  engines: () => run(process.execPath, ["--test", "test/native.test.mjs"], { cwd: pkg, env: { ...process.env, ENGINES, SEED } }),
  browsers: async () => pieces("browsers", Number(BROWSERS), (await import("../pkg/test/shared-world.mjs")).simulate),
};

const wanted = process.argv.slice(2);
if (wanted[0] === "redis") {
  if (!REDIS) fail("make fuzz-redis REDIS=host:port: which server?");
  cargo("fuzz-redis", [REDIS, COMMANDS, SEED]);
  cargo("fuzz-users", [REDIS, "5000", SEED]);
  cargo("fuzz-scripts", [REDIS, SCRIPTS, SEED]);
} else {
  for (const [name, part] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await part();
}
