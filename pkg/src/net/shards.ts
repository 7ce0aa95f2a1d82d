/**
 * Several nodes of a Redis Cluster in one process: each an engine with a port of its own, its part of the slots, and what it knows of
 * the others. Clients meet MOVED; while a slot is on its way they meet ASK and TRYAGAIN, too.
 *
 * What nodes tell each other (messages, a slot that has arrived) comes out of one engine's session for it as requests, and goes into
 * that of every other one, at once. Nodes that have gone are missed by nobody: there is no failure detection.
 */
import type { Wakey } from "../client/client.js";
import { engineOf } from "../client/port.js";
import { systemClock } from "../core/clock.js";
import type { Engine } from "../core/engine.js";
import { BACKLOG } from "../core/mailbox.gen.js";
import { ReplyError } from "../resp/errors.js";
import type { ServeOptions, Server } from "./options.js";

/** A slot on its way from one shard to another. Keys go one by one, until `finish`. */
export interface SlotMove {
  readonly slot: number;
  /** The shard that it leaves: an index into `shards`. */
  readonly from: number;
  readonly to: number;
  /** Moves a key of the slot; false if the old shard does not have it. */
  moveKey(key: string | Uint8Array): boolean;
  /** Moves the remaining keys, and the slot. */
  finish(): void;
  /** Moves the keys back, and leaves the slot where it was. */
  cancel(): void;
}

/** A running cluster. */
export interface ShardedServer {
  /** Its nodes, in the order of their slots. */
  readonly shards: readonly Server[];
  /** Their ports. */
  readonly ports: readonly number[];
  /** How many clients are connected to all of them. */
  readonly clients: number;
  /** The index of the shard that has a slot, which is given by its number or by a key in it. */
  shardOf(slot: number | string | Uint8Array): number;
  /** Moves a slot, given by its number or by a key in it, with all of its keys to another shard. */
  moveSlot(slot: number | string | Uint8Array, to: number): void;
  /** Like `moveSlot`, but only begins: clients are told ASK and TRYAGAIN until the move is finished or cancelled. */
  beginMove(slot: number | string | Uint8Array, to: number): SlotMove;
  /** Stops listening, ends all connections, closes all databases. */
  close(): Promise<void>;
}

const SLOTS = 16384;
const MOST = 255;
const EMPTY = new Uint8Array(0);

/** What cannot be together with `shards`. */
const ALONE = ["db", "path", "mode", "store", "shared", "databases"] as const;

type Place = number | string | Uint8Array;

class Nodes implements ShardedServer {
  private readonly ids: string[];

  constructor(readonly shards: readonly Server[]) {
    this.ids = shards.map(({ db }) => String(db.call("CLUSTER", "MYID")));
  }

  get ports(): readonly number[] {
    return this.shards.map(({ port }) => port as number);
  }

  get clients(): number {
    return this.shards.reduce((count, shard) => count + shard.clients, 0);
  }

  private db(shard: number): Wakey {
    const found = this.shards[shard];
    if (found === undefined) throw new RangeError(`there are shards 0 to ${this.shards.length - 1}, not ${shard}`);
    return found.db;
  }

  private slot(place: Place): number {
    const slot = typeof place === "number" ? place : Number(this.db(0).call("CLUSTER", "KEYSLOT", place));
    if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS) throw new RangeError(`there are slots 0 to ${SLOTS - 1}, not ${slot}`);
    return slot;
  }

  shardOf(place: Place): number {
    const slot = this.slot(place);
    const ranges = this.db(0).call("CLUSTER", "SLOTS") as [number, number, [string, number, string, unknown]][];
    const found = ranges.find(([first, last]) => first <= slot && slot <= last);
    if (found === undefined) throw new RangeError(`no shard has slot ${slot}`);
    return this.ids.indexOf(found[2][2]);
  }

  moveSlot(place: Place, to: number): void {
    if (this.shardOf(place) !== to) this.beginMove(place, to).finish();
  }

  beginMove(place: Place, to: number): SlotMove {
    const slot = this.slot(place);
    const from = this.shardOf(slot);
    const [source, target] = [this.db(from), this.db(to)];
    const [sourceId, targetId] = [this.ids[from] as string, this.ids[to] as string];
    target.call("CLUSTER", "SETSLOT", slot, "IMPORTING", sourceId);
    source.call("CLUSTER", "SETSLOT", slot, "MIGRATING", targetId);
    const moveAll = (here: Wakey, there: Wakey): void => {
      for (const key of here.bytes.call("CLUSTER", "GETKEYSINSLOT", slot, 2 ** 31) as Uint8Array[]) moveKey(here, there, key);
    };
    let over = false;
    const once = (end: () => void) => (): void => {
      if (over) throw new Error(`the move of slot ${slot} is over`);
      end();
      over = true;
    };
    return {
      slot,
      from,
      to,
      moveKey: (key) => {
        if (over || this.slot(key) !== slot) throw new RangeError(`the key is not in slot ${slot}, which moves`);
        return moveKey(source, target, key);
      },
      finish: once(() => {
        moveAll(source, target);
        target.call("CLUSTER", "SETSLOT", slot, "NODE", targetId);
      }),
      cancel: once(() => {
        source.call("CLUSTER", "SETSLOT", slot, "STABLE");
        moveAll(target, source);
        target.call("CLUSTER", "SETSLOT", slot, "STABLE");
      }),
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.shards.map((shard) => shard.close()));
  }
}

/** Moves a key: it is there before it is gone here. Both nodes take it, wherever the slot is on its way to. */
function moveKey(here: Wakey, there: Wakey, key: string | Uint8Array): boolean {
  const ask = (db: Wakey, ...args: (string | number | Uint8Array)[]): unknown => {
    db.call("ASKING");
    return db.bytes.call(...(args as [string, ...string[]]));
  };
  let value: Uint8Array | null;
  try {
    value = ask(here, "DUMP", key) as Uint8Array | null;
  } catch (error) {
    if (error instanceof ReplyError && error.code === "ASK") return false;
    throw error;
  }
  if (value === null) return false;
  ask(there, "RESTORE", key, Math.max(Number(ask(here, "PEXPIRETIME", key)), 0), value, "REPLACE", "ABSTTL");
  ask(here, "DEL", key);
  return true;
}

/** Passes on what each engine has to tell the others. */
function connect(engines: readonly Engine[]): void {
  const buses: number[] = [];
  const tell = (at: number, bytes: Uint8Array): void => {
    const engine = engines[at] as Engine;
    // What its own end holds for the others would be in the reply.
    if (engine.ended === undefined) engine.deliver();
    for (let rest = bytes; engine.ended === undefined; rest = EMPTY) {
      engine.feed(buses[at] as number, rest);
      const flags = engine.flags();
      void engine.attend(flags);
      if ((flags & BACKLOG) === 0) return;
    }
  };
  const open = (at: number): void => {
    const listener = (bytes: Uint8Array, closed: boolean): void => {
      for (const other of engines.keys()) if (other !== at && bytes.length > 0) tell(other, bytes);
      // It was cut off behind too much at once: messages are lost, as on a bus.
      if (closed && (engines[at] as Engine).ended === undefined) open(at);
    };
    buses[at] = (engines[at] as Engine).openSession({ resp: 3, trusted: true, bus: true }, listener);
  };
  for (const at of engines.keys()) open(at);
}

/** Tells each engine of all, and of the slots they have: none, while nobody listens yet. */
function join(databases: readonly Wakey[], ports: readonly number[] | undefined): void {
  const count = databases.length;
  const nodes = databases.map((db, at) => ({
    id: String(db.call("CLUSTER", "MYID")),
    shard: String(db.call("CLUSTER", "MYSHARDID")),
    port: ports?.[at] ?? 0,
    epoch: at + 1,
    first: ports === undefined ? 1 : Math.round((at * SLOTS) / count),
    last: ports === undefined ? 0 : Math.round(((at + 1) * SLOTS) / count) - 1,
  }));
  databases.forEach((db, at) => {
    const others = ports === undefined ? [] : nodes.filter((_, other) => other !== at);
    engineOf(db).join([nodes[at] as (typeof nodes)[number], ...others]);
  });
}

/** Serves a cluster: `one` serves a node, `open` opens its database. @internal */
export async function serveShards(
  open: (options: ServeOptions) => Promise<Wakey>,
  one: (options: ServeOptions, db: Wakey) => Promise<Server>,
  options: ServeOptions,
): Promise<ShardedServer> {
  const { shards } = options;
  if (!Number.isInteger(shards) || (shards as number) < 1 || (shards as number) > MOST)
    throw new TypeError(`serve(): shards must be an integer from 1 to ${MOST}`);
  const count = shards as number;
  for (const name of ALONE) if (options[name] !== undefined) throw new TypeError(`serve(): with shards there is no option '${name}'`);
  const { port = 6380, seed, clock = systemClock, onShutdown } = options;
  if (port === null) throw new TypeError("serve(): shards need ports");
  if (port + count - 1 > 65535) throw new TypeError(`serve(): there are no ${count} ports from ${port} on`);
  const databases: Wakey[] = [];
  const servers: Server[] = [];
  let running = count;
  try {
    for (let at = 0; at < count; at++) {
      const own = seed === undefined ? {} : { seed: BigInt(seed) + BigInt(at) };
      databases.push(await open({ ...options, ...own, clock, cluster: true }));
    }
    join(databases, undefined);
    connect(databases.map(engineOf));
    for (const [at, db] of databases.entries()) {
      const gone = (): void => {
        if (--running === 0) onShutdown?.();
      };
      servers.push(await one({ ...options, port: port === 0 ? 0 : port + at, onShutdown: gone }, db));
    }
    join(
      databases,
      servers.map((server) => server.port as number),
    );
    return new Nodes(servers);
  } catch (error) {
    await Promise.all(servers.map((server) => server.close()));
    await Promise.all(databases.map((db) => db.close()));
    throw error;
  }
}
