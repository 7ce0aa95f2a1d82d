/**
 * `make fuzz`: garbage into the engine, and into what faces a network (ROUNDS=, SEED=). `make fuzz-redis REDIS=host:port`: random sessions, every
 * reply compared with a real server's (COMMANDS=, SEED=).
 */
import { fail, run } from "./common.mjs";

const { ROUNDS = "1000000", COMMANDS = "1000000", SEED = String(Date.now() % 1000000), REDIS } = process.env;
const cargo = (binary, args) => run("cargo", ["run", "--profile", "fuzz", "-p", "fuzz", "--bin", binary, "--", ...args]);

if (process.argv[2] === "redis") {
  if (!REDIS) fail("make fuzz-redis REDIS=host:port: which server?");
  cargo("fuzz-redis", [REDIS, COMMANDS, SEED]);
} else {
  cargo("fuzz-garbage", [ROUNDS, SEED]);
  run(process.execPath, ["--test", "scripts/fuzz-edge.mjs"], { env: { ...process.env, ROUNDS, SEED } });
}
