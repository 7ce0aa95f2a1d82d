/**
 * What redis-benchmark cannot ask for, over raw sockets: `node talk.mjs PORT WHAT N` prints operations a second as JSON.
 * Requests are written 16 at a time, and replies only counted, so that the server has most of the work.
 */
import { connect } from "node:net";

const [, , port, what, count] = process.argv;
const N = Number(count);
const DEPTH = 16;
const frame = (...args) => `*${args.length}\r\n${args.map((arg) => `$${Buffer.byteLength(arg)}\r\n${arg}\r\n`).join("")}`;

/** A connection that tells when a number of bytes has come. */
class Line {
  constructor() {
    this.socket = connect({ port: Number(port), noDelay: true });
    this.got = 0;
    this.wanted = 0;
    this.socket.on("data", (chunk) => {
      this.got += chunk.length;
      if (this.got >= this.wanted) this.done?.();
    });
  }
  /** Writes, and waits for so many bytes more in all. */
  ask(request, bytes) {
    this.socket.write(request);
    return this.hear(bytes);
  }
  hear(bytes) {
    this.wanted += bytes;
    return new Promise((done) => {
      this.done = done;
      if (this.got >= this.wanted) done();
    });
  }
}

/** A round of DEPTH operations; `prepare` comes before the first. */
const work = {
  async publish() {
    const listeners = Array.from({ length: 10 }, () => new Line());
    await Promise.all(
      listeners.map((line) => line.ask(frame("SUBSCRIBE", "news"), "*3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n".length)),
    );
    const talker = new Line();
    const request = Buffer.from(frame("PUBLISH", "news", "a message of 20 byte").repeat(DEPTH));
    const message = frame("message", "news", "a message of 20 byte").length * DEPTH;
    return () => Promise.all([talker.ask(request, ":10\r\n".length * DEPTH), ...listeners.map((line) => line.hear(message))]);
  },
  async blpop() {
    const waiters = Array.from({ length: DEPTH }, () => new Line());
    const pusher = new Line();
    await pusher.ask(frame("DEL", "queue"), 4);
    const wait = Buffer.from(frame("BLPOP", "queue", "0"));
    const push = Buffer.from(frame("LPUSH", "queue", "element").repeat(DEPTH));
    const pair = frame("queue", "element").length;
    const ahead = () => Promise.all(waiters.map((line) => line.ask(wait, pair)));
    let waiting = ahead();
    // The waiters must be there first.
    await new Promise((done) => setTimeout(done, 100));
    return async () => {
      pusher.socket.write(push);
      await waiting;
      waiting = ahead();
    };
  },
  async multi() {
    const line = new Line();
    const ten = Array.from({ length: 10 }, (_, i) => frame("SET", `key:${i}`, "value"));
    const request = Buffer.from((frame("MULTI") + ten.join("") + frame("EXEC")).repeat(DEPTH));
    const reply = "+OK\r\n".length + 10 * "+QUEUED\r\n".length + "*10\r\n".length + 10 * "+OK\r\n".length;
    return () => line.ask(request, reply * DEPTH);
  },
};

const round = await work[what]();
for (let i = 0; i < 100; i++) await round();
const start = performance.now();
for (let i = 0; i < N; i += DEPTH) await round();
console.log(JSON.stringify((N / (performance.now() - start)) * 1000));
process.exit();
