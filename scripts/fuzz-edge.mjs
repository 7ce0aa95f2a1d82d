/** `make fuzz`, the part that faces a network: REST requests and WebSocket messages (ROUNDS=, SEED=), with the built package. */
import { after, test } from "node:test";
import { readings, requests, sockets } from "../pkg/test/fuzz/edge.mjs";

const rounds = Number(process.env.ROUNDS);
const seed = Number(process.env.SEED);
const began = Date.now();
after(() => console.log(`seed ${seed}: ${((Date.now() - began) / 1000).toFixed(0)} s`));

test("REST requests", () => requests(Math.ceil(rounds / 10), seed));
test("readings of messages", () => readings(Math.ceil(rounds / 10), seed));
test("WebSockets in workerd", (t) => sockets(t, Math.ceil(rounds / 1000), seed));
