/**
 * One database over several objects. A key belongs to the object that its cluster slot gives: CRC16 of the key, or of what
 * stands between the first `{` and the next `}`, modulo 16384; the slots are dealt out in equal runs, as in a Redis Cluster.
 *
 * Which of a command's arguments are keys is asked of an engine without data (COMMAND GETKEYS), so the router knows all that
 * the objects know. Per command:
 *
 *   keys of one object               goes there
 *   keys of several objects          CROSSSLOT; nothing runs
 *   a script without keys            the first object, always: what it does is found again
 *   of all objects (`SHARDS`)        goes to all, and the answers are merged
 *   SCAN                             one object after the other: the cursor says where it is
 *   SUBSCRIBE and its kind, MONITOR  on all objects
 *   PUBLISH                          to the channel's object: everybody listens everywhere, so its count is right
 *   SELECT and the like              to the objects that the other commands of the pipeline go to
 *   everything else                  the first object
 *
 * The commands of a pipeline keep their order in each object. A transaction goes to one object or does not run.
 */
import { type OnSession, PUBLISHES, RUNS, SESSION, SHARDS } from "../client/facts.gen.js";
import { transactions } from "../client/transaction.js";
import type { Engine } from "../core/engine.js";
import { type Access, type Backend, Bound, type Terms } from "../http/backend.js";
import { Refusal } from "../http/requests.js";
import { type Command, encoded, type Flat, word } from "../resp/command.js";
import { elements, isError, wholeFrames } from "../resp/frames.js";
import { latin1 } from "../resp/latin1.js";
import { decodeAny } from "../resp/values.js";
import { bulk, errorReply, joined } from "../resp/write.js";
import { first, type Merge, mergeOf } from "./merge.js";
import type { Place } from "./options.js";
import { shardOf } from "./slots.js";

/** `Terms` as RPC carries them. */
export interface ShardTerms extends Omit<Terms, "signal"> {
  /** What `shardCallOff` may end it by. */
  name?: string | undefined;
}

/** What a shard is asked by RPC. */
export interface ShardStub {
  shardRun(place: Place, commands: readonly Command[], terms: ShardTerms): Promise<Uint8Array[]>;
  shardCallOff(name: string): Promise<void>;
  shardFollow(
    place: Place,
    command: Command,
    access: Access,
    name: string,
  ): Promise<{ reply: Uint8Array; stream: ReadableStream<Uint8Array> }>;
}

/** More objects than this are no sharding any more. */
export const MOST_SHARDS = 256;

const CROSS = "CROSSSLOT Keys in request don't hash to the same slot";

/** What a command does to its session where each object is to do it to its own. */
const TO_ALL: readonly (OnSession | undefined)[] = ["sets", "selects", "authenticates", "unwatches", "ends"];

/** Where a command goes. */
type Target =
  | { kind: "one"; shard: number; command?: Command; finish?: (reply: Uint8Array) => Uint8Array }
  | { kind: "every"; merge: Merge }
  | { kind: "session" }
  | { kind: "any" }
  /** The first object; within a transaction the object of that. */
  | { kind: "first" }
  | { kind: "error"; message: string };

/** For a command: its objects, and its place in the list of each. */
type Places = (readonly [shard: number, at: number])[];

/** An engine without data, and a session of it: it knows the commands. */
export interface Table {
  engine: Engine;
  session: number;
}

export class Router implements Backend {
  /**
   * @param stub Gives an object; asked for each call, since stubs belong to a request.
   * @param later Keeps the request's work going when its client has left, until the promise settles.
   * @param agreed What the first object has agreed to is noted here: it need not be asked again.
   */
  constructor(
    private readonly shards: number,
    private readonly table: Table,
    private readonly stub: (shard: number) => ShardStub,
    private readonly agreed: { is: boolean },
    private readonly later: (work: Promise<unknown>) => void,
  ) {}

  /** Which arguments of a command are keys; none where the command is wrong: its object will say so. */
  private keysOf(command: Command): Uint8Array[] {
    const reply = this.ask(["COMMAND", "GETKEYS", ...command]);
    return isError(reply) ? [] : (decodeAny(reply, 0, true) as Uint8Array[]);
  }

  private target(command: Command): Target {
    const { shards } = this;
    const name = word(command[0]);
    const merge = mergeOf(name) ?? mergeOf(`${name}|${word(command[1])}`);
    if (merge !== undefined) return { kind: "every", merge };
    if (TO_ALL.includes(SESSION[name])) return { kind: "session" };
    if (PUBLISHES.has(name) && command.length === 3) return { kind: "one", shard: shardOf(command[1] as Flat, shards) };
    if (SHARDS[name] === "cursor") return this.scan(command);
    const found = new Set(this.keysOf(command).map((key) => shardOf(key, shards)));
    if (found.size > 1) return { kind: "error", message: CROSS };
    const [shard] = found;
    if (shard === undefined) return { kind: RUNS.has(name) ? "first" : "any" };
    return { kind: "one", shard };
  }

  /** A cursor is that of an object, times the number of objects, plus which one it is. */
  private scan(command: Command): Target {
    const shards = BigInt(this.shards);
    const text = typeof command[1] === "string" ? command[1] : latin1(command[1] ?? new Uint8Array(0));
    if (!/^\d{1,30}$/.test(text)) return { kind: "any" };
    const cursor = BigInt(text);
    const shard = cursor % shards;
    return {
      kind: "one",
      shard: Number(shard),
      command: [command[0] as Flat, String(cursor / shards), ...command.slice(2)],
      finish: (reply) => {
        if (isError(reply)) return reply;
        const [at, keys] = elements(reply) as [Uint8Array, Uint8Array];
        const own = decodeAny(at, 0, false) as string;
        const next = own !== "0" ? BigInt(own) * shards + shard : shard + 1n < shards ? shard + 1n : 0n;
        return joined([encoded("*2\r\n"), bulk(encoded(String(next))), keys]);
      },
    };
  }

  private place(shard: number): Place {
    return { shards: this.shards, shard };
  }

  /** The first object knows how many there are: it is asked before any other one is used. */
  private async agree(): Promise<void> {
    if (this.agreed.is) return;
    try {
      await this.stub(0).shardRun(this.place(0), [], { access: "reading" });
    } catch (error) {
      throw refusal(error);
    }
    this.agreed.is = true;
  }

  async run(commands: readonly Command[], { signal, ...terms }: Terms): Promise<Uint8Array[]> {
    if (commands.length === 0) return [];
    // What an object does is not asked of it: the table of commands is here too.
    if (commands.every((command) => word(command[0]) === "command")) return commands.map((command) => this.ask(command));
    await this.agree();
    const wanted = commands.map((command) => this.target(command));
    this.bind(commands, wanted);
    const targets = wanted.map((target): Target => (target.kind === "first" ? { kind: "one", shard: 0 } : target));
    const used = new Set<number>();
    for (const target of targets) {
      if (target.kind === "every") for (let shard = 0; shard < this.shards; shard++) used.add(shard);
      else if (target.kind === "one") used.add(target.shard);
    }
    const home = used.size === 0 ? 0 : Math.min(...used);
    used.add(home);
    const lists = new Map<number, Command[]>([...used].map((shard) => [shard, []]));
    /** For each command: its places in the lists. */
    const places = commands.map((command, i): Places => {
      const target = targets[i] as Target;
      if (target.kind === "error") return [];
      const where = target.kind === "one" ? [target.shard] : target.kind === "any" ? [home] : [...used].sort((a, b) => a - b);
      return where.map((shard) => {
        const list = lists.get(shard) as Command[];
        return [shard, list.push((target.kind === "one" && target.command) || command) - 1] as const;
      });
    });
    const asked = [...lists].filter(([, list]) => list.length > 0);
    const answers = new Map<number, Uint8Array[]>();
    signal?.throwIfAborted();
    const id = signal === undefined ? undefined : crypto.randomUUID();
    // The platform tells an object that is called by RPC nothing of a client that has left.
    const callOff = (): void => this.later(Promise.allSettled(asked.map(([shard]) => this.stub(shard).shardCallOff(id as string))));
    signal?.addEventListener("abort", callOff);
    try {
      await Promise.all(
        asked.map(async ([shard, list]) => {
          try {
            answers.set(shard, await this.stub(shard).shardRun(this.place(shard), list, { ...terms, name: id }));
          } catch (error) {
            throw refusal(error);
          }
        }),
      );
    } finally {
      signal?.removeEventListener("abort", callOff);
    }
    // Each object has kept to it; what it does not hold together has run all the same.
    const bound = new Bound(terms.maxReply);
    return targets.map((target, i) => bound.take(commands[i] as Command, this.answerOf(target, places[i] as Places, answers)));
  }

  /** The reply of a command, from what the objects have given. */
  private answerOf(target: Target, places: Places, answers: ReadonlyMap<number, Uint8Array[]>): Uint8Array {
    if (target.kind === "error") return errorReply(target.message);
    const replies = places.map(([shard, at]) => answers.get(shard)?.[at] as Uint8Array);
    if (target.kind === "every") return target.merge(replies);
    if (target.kind === "session") return first(replies);
    const reply = replies[0] as Uint8Array;
    return target.kind === "one" && target.finish !== undefined ? target.finish(reply) : reply;
  }

  /** Transactions: all from MULTI to EXEC goes to one object. What concerns several makes EXEC fail. */
  private bind(commands: readonly Command[], targets: Target[]): void {
    for (const [from, to] of transactions(commands)) {
      // WATCH stands before, and counts.
      const watched = from > 0 && word(commands[from - 1]?.[0]) === "watch" ? targets[from - 1] : undefined;
      let shard = watched?.kind === "one" ? watched.shard : undefined;
      let wrong: string | undefined;
      for (let i = from + 1; i <= to; i++) {
        const target = targets[i] as Target;
        if (target.kind === "error") wrong = target.message;
        else if (target.kind === "every") wrong = "CROSSSLOT A transaction is one object's: it cannot ask all of them";
        else if (target.kind === "one") {
          if (shard !== undefined && shard !== target.shard) wrong = CROSS;
          shard ??= target.shard;
        }
        if (wrong === undefined) continue;
        for (let j = from; j <= to; j++) targets[j] = { kind: "error", message: wrong };
        break;
      }
      if (wrong === undefined) {
        for (let i = from; i <= to; i++) {
          const target = targets[i] as Target;
          if (target.kind !== "one") targets[i] = { kind: "one", shard: shard ?? 0 };
        }
      }
    }
  }

  private ask(command: Command): Uint8Array {
    const { engine, session } = this.table;
    return engine.replyCopy(engine.run(session, command));
  }

  async follow(
    command: Command,
    access: Access,
    onmessage: (frames: Uint8Array) => void,
    ended: () => void,
  ): Promise<{ reply: Uint8Array; close: () => void }> {
    await this.agree();
    let open = true;
    const id = crypto.randomUUID();
    const readers: ReadableStreamDefaultReader<Uint8Array>[] = [];
    // The end of a stream is told to the object that feeds it with the next message only, if at all.
    const close = (): void => {
      open = false;
      for (const reader of readers) reader.cancel().catch(() => {});
      this.later(Promise.allSettled(Array.from({ length: this.shards }, (_, shard) => this.stub(shard).shardCallOff(id))));
    };
    try {
      const all = await Promise.all(
        Array.from({ length: this.shards }, (_, shard) => this.stub(shard).shardFollow(this.place(shard), command, access, id)),
      );
      for (const { stream } of all) readers.push(stream.getReader());
      const over = (): void => {
        if (!open) return;
        close();
        ended();
      };
      for (const reader of readers) void pass(reader, onmessage).then(over, over);
      return { reply: (all[0] as { reply: Uint8Array }).reply, close };
    } catch (error) {
      close();
      throw refusal(error);
    }
  }
}

/** Hands on what a stream gives, until it ends. */
async function pass(reader: ReadableStreamDefaultReader<Uint8Array>, onmessage: (frames: Uint8Array) => void): Promise<void> {
  let rest = new Uint8Array(0);
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    // Chunks of a stream that crosses objects are cut anywhere.
    const bytes = joined([rest, value]);
    const whole = wholeFrames(bytes);
    if (whole > 0) onmessage(bytes.slice(0, whole));
    rest = bytes.slice(whole);
  }
}

/** What an object has refused by RPC: its error has lost its class on the way. */
function refusal(error: unknown): unknown {
  const message = (error as Error).message;
  return /^(Error: )?ERR /.test(message) ? new Refusal(400, message.replace(/^Error: /, "")) : error;
}
