/**
 * Vector sets against redis-server 8.6, over TCP to both, one question after the other on one connection: recall of the ten nearest
 * against all (TRUTH), VSIM and VADD a second, bytes a vector. `VECTORS=100000 DIMENSIONS=384` say how many; MODULE=vectorset.so what
 * to load where redis-server does not have it.
 *
 * Vectors lie around a thousand middles, about as texts lie around their subjects; questions are others from there.
 */
import net from "node:net";
import { target } from "./report.mjs";
import { redisVersion, withServers } from "./tcp.mjs";

const N = Number(process.env.VECTORS ?? 100_000);
const DIMENSIONS = Number(process.env.DIMENSIONS ?? 384);
const QUESTIONS = 300;
const AT_ONCE = 64;

/** The same numbers in every run, from 0 to 1 (mulberry32). */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let x = Math.imul(state ^ (state >>> 15), 1 | state);
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x;
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32;
  };
}

function vectors() {
  const next = numbers(1);
  // The sum of a few is nearly normal.
  const normal = () => next() + next() + next() + next() - 2;
  const middles = Array.from({ length: 1000 }, () => Float32Array.from({ length: DIMENSIONS }, normal));
  return () => {
    const middle = middles[Math.floor(next() * middles.length)];
    return Buffer.from(Float32Array.from(middle, (x) => x + normal() * 0.8).buffer);
  };
}

/** A connection that sends requests and takes replies in order; replies are counted by their lines alone. */
function connection(port) {
  const socket = net.connect(port, "127.0.0.1").setNoDelay(true);
  let text = "";
  const waiting = [];
  const whole = () => {
    // Enough of RESP2 for what is asked here: flat arrays of strings without line ends, numbers, and one string.
    const lines = text.split("\r\n");
    const many = lines[0].startsWith("*") ? Number(lines[0].slice(1)) * 2 + 1 : lines[0].startsWith("$") ? 2 : 1;
    if (lines.length <= many) return undefined;
    text = lines.slice(many).join("\r\n");
    return lines.slice(0, many);
  };
  socket.on("data", (data) => {
    text += data.toString("latin1");
    for (let reply; waiting.length > 0 && (reply = whole()); ) waiting.shift()(reply);
  });
  return {
    call(...args) {
      const parts = [`*${args.length}\r\n`];
      for (const arg of args) {
        const bytes = Buffer.isBuffer(arg) ? arg : Buffer.from(String(arg));
        parts.push(`$${bytes.length}\r\n`, bytes, "\r\n");
      }
      socket.write(Buffer.concat(parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(part)))));
      return new Promise((done) => waiting.push(done));
    },
    end: () => socket.destroy(),
  };
}

/** INFO's used_memory; its text has line ends of its own. */
async function memory(port) {
  return new Promise((done) => {
    let text = "";
    const socket = net.connect(port, "127.0.0.1").on("data", (data) => {
      text += data;
      const found = /used_memory:(\d+)\r\n/.exec(text);
      if (found) {
        socket.destroy();
        done(Number(found[1]));
      }
    });
    socket.write("INFO memory\r\n");
  });
}

async function measure(port, who) {
  if (who === "redis" && process.env.MODULE) await connection(port).call("MODULE", "LOAD", process.env.MODULE);
  const server = connection(port);
  const next = vectors();
  const empty = await memory(port);
  let began = performance.now();
  for (let at = 0; at < N; at += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, N - at) }, (_, i) => server.call("VADD", "v", "FP32", next(), `e${at + i}`));
    await Promise.all(some);
  }
  const adds = N / ((performance.now() - began) / 1000);
  const bytes = ((await memory(port)) - empty) / N;
  const questions = Array.from({ length: QUESTIONS }, next);
  const found = [];
  let best = 0;
  for (let round = 0; round < 3; round++) {
    began = performance.now();
    for (const [at, question] of questions.entries()) found[at] = await server.call("VSIM", "v", "FP32", question);
    best = Math.max(best, QUESTIONS / ((performance.now() - began) / 1000));
  }
  let same = 0;
  for (const [at, question] of questions.slice(0, 100).entries()) {
    const names = (lines) => lines.filter((line) => line.startsWith("e"));
    const truth = new Set(names(await server.call("VSIM", "v", "FP32", question, "TRUTH")));
    same += names(found[at]).filter((name) => truth.has(name)).length;
  }
  server.end();
  return { adds, bytes, searches: best, recall: same / 1000 };
}

export async function vectorSets() {
  console.log(`\nvector sets, ${N.toLocaleString("en")} of ${DIMENSIONS} dimensions (redis-server ${redisVersion() ?? "is not there"})`);
  if (redisVersion() === undefined) return;
  await withServers(async (ports) => {
    const wakey = await measure(ports.wakey, "wakey");
    const redis = await measure(ports.redis, "redis");
    const pair = (of, digits = 0) => `${wakey[of].toFixed(digits)}, redis-server ${redis[of].toFixed(digits)}`;
    target("recall of the ten nearest", pair("recall", 3), ">= 0.95", wakey.recall >= 0.95);
    target("VSIM a second", pair("searches"), ">= 0.5 of it", wakey.searches >= redis.searches / 2);
    target("VADD a second", pair("adds"), "shown", true);
    target("bytes a vector", pair("bytes"), "no more", wakey.bytes <= redis.bytes);
  });
}
