/**
 * A simulated browser for `shared: true`: tabs with a BroadcastChannel, Web Locks, a store and a clock, on which the package's own
 * code runs. What happens next is drawn by lot: a message arrives, a lock is granted, a batch is stored, somebody opens, asks,
 * aborts, closes, dies, time passes. The same seed gives the same run.
 *
 * Kept are the orders that a browser keeps: messages of one channel to another, what one tab asks of the lock manager and what
 * that answers it, batches of one store. All else may come in any order; of what a tab has sent before it died, some is lost.
 */
import assert from "node:assert/strict";
import { manualClock, open } from "../dist/node.mjs";
import { source } from "./support.mjs";

const { browserPorts, heldAlone, share, takeLock } = await source("shared/client", "shared/ports", "persistence/stores/weblock");
const PLACE = "sim:notes";
const LISTS = 2;

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const never = () => new Promise(() => {});

/** Who holds a lock and who waits for it. */
class LockManager {
  held = new Map();
  queues = new Map();

  constructor(world) {
    this.world = world;
  }

  arrive(request) {
    const { name } = request;
    const queue = this.queues.get(name) ?? [];
    this.queues.set(name, queue);
    if (request.aborted) return;
    if (!this.held.has(name) && queue.length === 0) this.grant(request);
    else if (request.ifAvailable) this.world.happens(`granted ${request.tab.id}`, () => request.call(null));
    else queue.push(request);
  }

  grant(request) {
    this.held.set(request.name, request);
    this.world.happens(`granted ${request.tab.id}`, () => {
      if (request.aborted) this.release(request);
      else request.call({ name: request.name });
    });
  }

  release(request) {
    const { name } = request;
    if (this.held.get(name) !== request) return;
    this.held.delete(name);
    const next = this.queues.get(name).shift();
    if (next !== undefined) this.grant(next);
  }

  cancel(request) {
    const queue = this.queues.get(request.name) ?? [];
    const at = queue.indexOf(request);
    if (at >= 0) queue.splice(at, 1);
  }

  /** Each of its locks is free at a time of its own. */
  died(tab) {
    for (const queue of this.queues.values()) {
      for (const request of queue.filter((one) => one.tab === tab)) this.cancel(request);
    }
    for (const request of this.held.values()) {
      if (request.tab === tab) this.world.happens(`free ${tab.id} ${request.name}`, () => this.release(request));
    }
  }
}

/** What a tab has in place of a browser's. */
function surroundings(world, tab) {
  const { manager, channels } = world;
  const locks = {
    request(name, options, callback = options) {
      const { signal, ifAvailable = false } = callback === options ? {} : options;
      if (tab.dead) return never();
      return new Promise((done, failed) => {
        const request = { tab, name, ifAvailable, aborted: false, called: false };
        request.call = (lock) => {
          request.called = true;
          Promise.resolve(callback(lock)).then((value) => {
            if (lock === null) return done(value);
            world.happens(`locks ${tab.id}`, () => {
              manager.release(request);
              done(value);
            });
          }, failed);
        };
        signal?.addEventListener("abort", () => {
          if (request.called || request.aborted) return;
          request.aborted = true;
          failed(Object.assign(new Error("aborted"), { name: "AbortError" }));
          world.happens(`locks ${tab.id}`, () => manager.cancel(request));
        });
        world.happens(`locks ${tab.id}`, () => manager.arrive(request));
      });
    },
  };
  class BroadcastChannel {
    constructor() {
      this.id = world.next();
      this.tab = tab;
      channels.add(this);
    }
    postMessage(message) {
      if (tab.dead || !channels.has(this)) return;
      for (const other of channels) {
        if (other === this || other.tab.dead) continue;
        const data = structuredClone(message);
        world.happens(`message ${tab.id} ${this.id} ${other.id}`, () => {
          if (channels.has(other) && !other.tab.dead) other.onmessage?.({ data });
        });
      }
    }
    close() {
      channels.delete(this);
    }
  }
  const setTimeout = (task) => world.happens(`later ${tab.id}`, task);
  return { locks, BroadcastChannel, performance: { now: () => world.clock.now() }, setTimeout };
}

/** Where the data is when nobody has it open; and a store on it. */
class Disk {
  bytes = Buffer.alloc(0);
  receipts = new Map();

  store(world, tab, lock) {
    const answered = new Map(this.receipts);
    const note = (into, receipts) => {
      for (const { request, replies } of receipts) {
        if (replies === undefined) into.delete(request);
        else into.set(request, replies);
      }
    };
    return {
      kind: "sim",
      synchronous: false,
      strict: false,
      load: (into) => {
        into.part("sim", false);
        into.feed(this.bytes);
        assert.equal(into.end(), this.bytes.length);
      },
      append: (bytes, receipts = []) => {
        if (tab.dead) return never();
        return new Promise((done) => {
          world.happens(`store ${tab.id}`, () => {
            assert.equal(world.manager.held.get(`wakey:${PLACE}`)?.tab, tab, "who writes holds the lock");
            this.bytes = Buffer.concat([this.bytes, bytes]);
            note(this.receipts, receipts);
            note(answered, receipts);
            done();
          });
        });
      },
      receipts: () => answered,
      rewrite: () => {
        throw new Error("no snapshots here");
      },
      close: () => lock.release(),
    };
  }
}

export class World {
  /** From what keeps an order to what waits in it. */
  streams = new Map();
  manager = new LockManager(this);
  channels = new Set();
  disk = new Disk();
  clock = manualClock(1_000_000);
  tabs = [];
  pushes = [];
  pops = [];
  log = [];
  problems = [];
  /** Work that is under way outside of the simulation: an engine is made. */
  working = new Set();
  count = 0;

  constructor(seed) {
    this.seed = seed;
    this.random = random(seed);
    // Whether time stands still while a message is under way: then it is known to the millisecond when a wait ends.
    this.calm = this.chance(0.5);
  }

  chance(p) {
    return this.random() < p;
  }

  pick(list) {
    return list[Math.floor(this.random() * list.length)];
  }

  next() {
    return ++this.count;
  }

  happens(stream, task) {
    const tasks = this.streams.get(stream);
    if (tasks === undefined) this.streams.set(stream, [task]);
    else tasks.push(task);
  }

  /** Lets the code run that can. */
  async settle() {
    do {
      await Promise.all(this.working);
      await new Promise(setImmediate);
    } while (this.working.size > 0);
  }

  /** One thing that was under way happens; false: there is none. */
  async step() {
    const names = [...this.streams.keys()];
    if (names.length === 0) return false;
    const name = this.pick(names);
    const tasks = this.streams.get(name);
    const task = tasks.shift();
    if (tasks.length === 0) this.streams.delete(name);
    this.log.push(name);
    task();
    await this.settle();
    return true;
  }

  async drain() {
    await this.settle();
    for (let steps = 0; await this.step(); steps++) assert.ok(steps < 10_000, "it comes to an end");
  }

  /** Until nothing is under way any more. A wait whose time was over between two leaders has a millisecond with the second. */
  async rest() {
    await this.drain();
    this.clock.advance(2);
    await this.drain();
    this.check();
  }

  event(stream) {
    return new Promise((done) => this.happens(stream, done));
  }

  async database(tab, lock) {
    await this.event(`opens ${tab.id}`);
    if (tab.dead) return never();
    const opened = open({ store: this.disk.store(this, tab, lock), clock: this.clock, seed: 1 });
    this.working.add(opened);
    try {
      tab.db = await opened;
    } finally {
      this.working.delete(opened);
    }
    await this.event(`opens ${tab.id}`);
    return tab.dead ? never() : tab.db;
  }

  // What people do.

  open({ shared = true, canLead = true } = {}) {
    const tab = { id: this.next(), dead: false, shared, canLead, client: undefined, state: "opening", closing: undefined };
    const around = surroundings(this, tab);
    const ports = { ...browserPorts(PLACE, around), name: () => `client-${tab.id}` };
    this.tabs.push(tab);
    this.log.push(`open ${tab.id} ${shared ? "shared" : "alone"} ${canLead ? "" : "page"}`);
    const opening = shared
      ? share(PLACE, ports, (lock) => this.database(tab, lock), canLead)
      : takeLock(PLACE, {}, around.locks).then((lock) => this.database(tab, heldAlone(lock, ports)));
    tab.opening = opening.then(
      (client) => {
        tab.client = client;
        tab.state = "open";
      },
      (error) => {
        tab.state = error.name === "StoreError" ? "refused" : `failed: ${error.stack}`;
      },
    );
    return tab;
  }

  push(tab) {
    const list = Math.floor(this.random() * LISTS);
    const push = { tab, list, element: `e${this.next()}`, state: "asked" };
    this.pushes.push(push);
    this.log.push(`push ${tab.id} ${push.element} ${list}`);
    tab.client.rpush(`list:${list}`, push.element).then(
      () => {
        push.state = "done";
      },
      (error) => {
        push.state = this.expected(tab, error);
      },
    );
  }

  pop(tab) {
    const list = Math.floor(this.random() * LISTS);
    const controller = new AbortController();
    const seconds = this.chance(0.5) ? 0 : 1 + Math.floor(this.random() * 5);
    const pop = { tab, list, seconds, controller, state: "waits", element: undefined, aborted: false, number: this.next() };
    this.pops.push(pop);
    this.log.push(`pop ${tab.id} ${list} for ${seconds} s`);
    const { member } = tab.client._state;
    const answer = tab.client.blpop(`list:${list}`, seconds, { signal: controller.signal });
    // So that its deadline can be looked up.
    pop.request = [...member.pending.values()].at(-1);
    answer.then(
      (reply) => {
        if (tab.dead) return;
        pop.state = reply === null ? "over" : "got";
        if (reply === null && !(seconds > 0 && this.clock.now() >= pop.request.began + seconds * 1000))
          this.problems.push(`pop ${pop.number} ended before its time`);
        pop.element = reply?.[1];
      },
      (error) => {
        if (tab.dead) return;
        const known = pop.aborted && error === controller.signal.reason ? "aborted" : this.expected(tab, error);
        // Where the leader had gone before it was heard whether there was something, and nobody else can be asked, this is unknown.
        pop.state = known;
        pop.unsure = pop.request.sent.size > 0 && ![...pop.request.sent].every((name) => this.lives(name));
      },
    );
  }

  lives(name) {
    return this.tabs.some((tab) => !tab.dead && tab.state !== "closed" && name === `client-${tab.id}`);
  }

  expected(tab, error) {
    if (error.name === "ClosedError" && tab.closing !== undefined) return "closed";
    if (error.name === "StoreError" && !tab.canLead) return "refused";
    this.problems.push(error.stack);
    return "failed";
  }

  abort(pop) {
    this.log.push(`abort ${pop.number} of ${pop.tab.id}`);
    pop.aborted = true;
    pop.controller.abort(new Error("not any more"));
  }

  close(tab) {
    this.log.push(`close ${tab.id}`);
    tab.state = "closing";
    tab.closing = tab.client.close().then(
      () => {
        tab.state = "closed";
      },
      (error) => this.problems.push(error.stack),
    );
  }

  die(tab) {
    this.log.push(`die ${tab.id}`);
    tab.dead = true;
    for (const pop of this.pops) if (pop.tab === tab && pop.state === "waits") pop.unsure = true;
    // Batches, and messages, from the first on and up to some.
    const stored = `store ${tab.id}`;
    for (const [name, tasks] of [...this.streams]) {
      if (name === stored) {
        for (const task of tasks.slice(0, Math.floor(this.random() * (tasks.length + 1)))) task();
        this.streams.delete(name);
      } else if (name.startsWith(`message ${tab.id} `)) {
        tasks.length = Math.floor(this.random() * (tasks.length + 1));
        if (tasks.length === 0) this.streams.delete(name);
      } else if (new RegExp(`^(locks|granted|later|opens) ${tab.id}$`).test(name)) this.streams.delete(name);
    }
    for (const channel of this.channels) if (channel.tab === tab) this.channels.delete(channel);
    this.manager.died(tab);
  }

  /** Somebody does something. */
  act() {
    const living = this.tabs.filter((tab) => !tab.dead && tab.state !== "refused" && tab.state !== "closed");
    const ready = living.filter((tab) => tab.shared && tab.state === "open");
    const draw = this.random();
    if (living.length === 0 || (draw < 0.15 && living.length < 5)) {
      return void this.open({ shared: this.chance(0.93), canLead: this.chance(0.8) });
    }
    if (draw < 0.4 && ready.length > 0) return this.push(this.pick(ready));
    if (draw < 0.65 && ready.length > 0) return this.pop(this.pick(ready));
    if (draw < 0.75) {
      const waiting = this.pops.filter((pop) => pop.state === "waits" && !pop.tab.dead && !pop.aborted);
      return waiting.length > 0 ? this.abort(this.pick(waiting)) : undefined;
    }
    if (draw < 0.82) {
      const open = living.filter((tab) => tab.state === "open");
      return open.length > 0 ? this.close(this.pick(open)) : undefined;
    }
    if (draw < 0.89) return this.die(this.pick(living));
    if (this.calm && [...this.streams.keys()].some((name) => name.startsWith("message"))) return undefined;
    this.clock.advance(Math.floor(this.random() * 3000));
  }

  // What must hold.

  leader() {
    return this.tabs.find((tab) => !tab.dead && tab.shared && tab.state === "open" && tab.client._state.member.leader !== undefined);
  }

  /** When nothing is under way any more. */
  check() {
    const living = this.tabs.filter((tab) => !tab.dead);
    const leader = this.leader();
    const alone = living.some((tab) => !tab.shared && tab.state === "open");
    assert.ok(!(leader && alone), "either shared or alone");
    for (const tab of living) {
      const mayWait = !tab.canLead && leader === undefined && !alone;
      assert.ok(["open", "refused", "closed"].includes(tab.state) || (tab.state === "opening" && mayWait), `${tab.id}: ${tab.state}`);
    }
    if (leader === undefined) return;
    for (const push of this.pushes) assert.ok(push.tab.dead || push.state !== "asked", `push of ${push.element}: no answer`);
    const waiting = this.pops.filter((pop) => pop.state === "waits" && !pop.tab.dead);
    const blocked = Number(/blocked_clients:(\d+)/.exec(leader.db.info("clients"))[1]);
    assert.equal(blocked, waiting.length, "the leader waits for those who wait, and for nobody else");
    for (const pop of waiting) {
      assert.ok(!pop.aborted, `pop ${pop.number} was aborted, and waits`);
      const { began } = pop.request;
      if (this.calm && pop.seconds > 0) assert.ok(this.clock.now() < began + pop.seconds * 1000, `pop ${pop.number} waits beyond its time`);
    }
    this.account((list) => leader.db.lrange(`list:${list}`, 0, -1));
  }

  /** Every element is where it may be, and there once. */
  account(read) {
    for (let list = 0; list < LISTS; list++) {
      const there = read(list);
      assert.equal(new Set(there).size, there.length, "nothing is there twice");
      const got = this.pops.filter((pop) => pop.list === list && pop.element !== undefined).map((pop) => pop.element);
      assert.equal(new Set(got).size, got.length, "nothing is delivered twice");
      for (const element of got) assert.ok(!there.includes(element), `${element} was delivered, and is there`);
      const gone = this.pushes.filter(
        (push) => push.list === list && push.state === "done" && !there.includes(push.element) && !got.includes(push.element),
      );
      const unsure = this.pops.filter((pop) => pop.list === list && pop.unsure && pop.element === undefined).length;
      assert.ok(gone.length <= unsure, `lost: ${gone.map((push) => push.element)}; ${unsure} may have been taken by those who died`);
    }
  }

  async run(actions) {
    for (let i = 0; i < actions; ) {
      if (this.chance(0.6) && (await this.step())) continue;
      this.act();
      await this.settle();
      i++;
      if (this.chance(0.05)) await this.rest();
    }
    await this.rest();
    this.clock.advance(10_000);
    await this.rest();
    // All go: nothing is left of them, and the data is there for the next one.
    for (const tab of this.tabs.filter((one) => !one.dead && one.state === "open")) {
      if (this.chance(0.5)) await this.step();
      this.close(tab);
      await this.settle();
    }
    await this.drain();
    for (const tab of this.tabs) {
      if (tab.dead) continue;
      if (tab.state === "opening" && !tab.canLead) this.die(tab);
      else assert.ok(["closed", "refused"].includes(tab.state), `${tab.id}: ${tab.state}`);
    }
    await this.drain();
    assert.deepEqual([...this.manager.held.keys()], [], "no lock without an owner");
    assert.deepEqual([...this.manager.queues.values()].flat().length, 0, "nobody waits for a lock");
    assert.equal(this.channels.size, 0, "no channel is left");
    for (const pop of this.pops) assert.ok(pop.tab.dead || pop.state !== "waits", `pop ${pop.number}: no answer`);
    const last = this.open();
    await this.drain();
    assert.equal(last.state, "open");
    this.account((list) => last.db.lrange(`list:${list}`, 0, -1));
    this.close(last);
    await this.drain();
    assert.deepEqual(
      [...this.disk.receipts.keys()].filter((key) => !key.startsWith(`client-${last.id}:`)),
      [],
      "receipts of the dead",
    );
    assert.deepEqual(this.problems, []);
  }
}

/** Runs a number of worlds; throws with the seed, and what happened, where something does not hold. */
export async function simulate(runs, seed, actions = 40) {
  const seen = { pushes: 0, got: 0, leaders: 0 };
  for (let i = 0; i < runs; i++) {
    const world = new World(seed + i);
    try {
      await world.run(actions);
    } catch (error) {
      throw new Error(`seed ${seed + i}: ${error.stack}\nWhat happened:\n${world.log.slice(-400).join("\n")}`, { cause: error });
    }
    seen.pushes += world.pushes.filter((push) => push.state === "done").length;
    seen.got += world.pops.filter((pop) => pop.state === "got").length;
    seen.leaders += world.tabs.filter((tab) => tab.shared && tab.db !== undefined).length;
  }
  return seen;
}
