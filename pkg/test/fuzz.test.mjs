/** A short run of what `make fuzz` does for longer, of what faces a network; each time with another seed, which an error names. */
import { test } from "node:test";
import { readings, requests, sockets } from "./fuzz/edge.mjs";

const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

test("REST requests of all kinds: none is answered with 500 or without bound, and who may read changes nothing", () =>
  requests(3000, seed));

test("what a router takes for commands, the engine takes for the same", () => readings(5000, seed));

test("WebSocket messages of all kinds: who may read changes nothing, and others run what the engine reads", (t) => sockets(t, 25, seed));
