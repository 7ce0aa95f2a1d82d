/**
 * A database in a Durable Object: opened from the object's storage when it is first asked for, woken by the object's alarm,
 * reached by RPC, HTTP (`http/fetch.ts`) and WebSockets (`sockets.ts`).
 */
import { openWakey } from "../client/client.js";
import { DOCS } from "../core/docs.gen.js";
import { Engine } from "../core/engine.js";
import { random } from "../core/random.js";
import { type Access, type Backend, local, type Terms } from "../http/backend.js";
import { type Handler, rest } from "../http/fetch.js";
import { Refusal } from "../http/requests.js";
import { Persistence } from "../persistence/driver.js";
import type { Command } from "../resp/command.js";
import { Calls, follow } from "./calls.js";
import type { Opened } from "./opened.js";
import { BEAT, check, MAXMEMORY, MAXREPLY, MAXWAIT, type ObjectOptions, type Place, type WakeyEnv } from "./options.js";
import type { ObjectContext } from "./platform.js";
import type { ShardTerms } from "./router.js";
import { Sockets } from "./sockets.js";
import { ObjectStore } from "./storage.js";

/** What is right for 128 MB, where Redis's defaults are not. */
const CONFIG = {
  "auto-aof-rewrite-min-size": "4194304",
  "proto-max-bulk-len": "16777216",
  "client-query-buffer-limit": "33554432",
};

/** Bytes that RPC carries, at most. */
const RPC = 32 << 20;

const ALONE: Place = { shards: 1, shard: 0 };

export class Host {
  private opened: Opened | undefined;
  private opening: Promise<Opened> | undefined;
  /** What ends what routers have asked for, by the names that they gave it. */
  private readonly asked = new Map<string, () => void>();
  /** An alarm has gone off, and asks for the next one when it is done. */
  private ringing = false;
  private handler: Handler | undefined;
  readonly sockets: Sockets;
  /** What RPC asks; what waits, waits. */
  readonly calls = new Calls(async (commands) => {
    const { patient } = await this.use();
    return patient.run(commands, { access: "all", maxReply: RPC });
  });
  /** A clock that does not step back. */
  private readonly clock = {
    last: 0,
    now(): number {
      this.last = Math.max(this.last, Date.now());
      return this.last;
    },
  };
  private readonly options: () => ObjectOptions;

  /** @param options Asked for when the object is first used: a class may set them after its constructor. */
  constructor(
    private readonly module: WebAssembly.Module,
    private readonly ctx: ObjectContext,
    private readonly env: WakeyEnv,
    options: () => ObjectOptions,
  ) {
    this.options = () => {
      const given = options();
      check(given);
      return given;
    };
    this.sockets = new Sockets(ctx, () => this.options().maxReply ?? MAXREPLY);
  }

  /** The database, opened where it is not. Throws Refusal when its data is that of another number of shards. */
  async use(place: Place = ALONE): Promise<Opened> {
    const opened = this.opened ?? (await this.open());
    const { store } = opened;
    if (opened.place === undefined) {
      opened.place = (store.meta("shards") as Place | undefined) ?? place;
      if (store.meta("shards") === undefined) store.setMeta("shards", place);
    }
    const kept = opened.place;
    if (kept.shards !== place.shards || kept.shard !== place.shard) {
      const count = (n: number): string => (n === 1 ? "one object" : `${n} shards`);
      throw new Refusal(
        400,
        kept.shards === place.shards
          ? `ERR this is shard ${kept.shard}, not shard ${place.shard}`
          : `ERR this data is kept in ${count(kept.shards)} and was asked for in ${count(place.shards)}; the number cannot be changed`,
      );
    }
    return opened;
  }

  private open(): Promise<Opened> {
    this.opening ??= this.restore().finally(() => {
      this.opening = undefined;
    });
    return this.opening;
  }

  /** What fails in blockConcurrencyWhile resets the object; so nothing does. */
  private async restore(): Promise<Opened> {
    let failure: unknown;
    const opened = await this.ctx.blockConcurrencyWhile(async () => {
      try {
        return await this.load();
      } catch (error) {
        failure = error;
        return undefined;
      }
    });
    if (opened === undefined) throw failure;
    return opened;
  }

  private async load(): Promise<Opened> {
    const { storage } = this.ctx;
    const { maxmemory = MAXMEMORY, maxWait = MAXWAIT, scriptTimeout, databases, config = {} } = this.options();
    const engine = await Engine.create(this.module, {
      clock: this.clock,
      seed: random.bits(),
      timer: false,
      words: () => DOCS,
      alarm: (deadline) => this.setAlarm(deadline),
      maxmemory,
      ...(scriptTimeout === undefined ? {} : { scriptTimeout }),
      ...(databases === undefined ? {} : { databases }),
    });
    try {
      engine.timer.armed = (await storage.getAlarm()) ?? Number.POSITIVE_INFINITY;
      for (const [name, value] of Object.entries({ ...CONFIG, ...config })) engine.configure(name, value);
      const store = new ObjectStore(storage);
      await Persistence.open(engine, store, { onWarning: (message) => console.warn(`wakey: ${message}`) });
      const db = openWakey(engine);
      const opened = { engine, backend: local(db, maxWait), patient: local(db), store, place: undefined };
      this.opened = opened;
      // SHUTDOWN, or the end of the engine: the next request opens it anew, from what is kept.
      engine.endListeners.add(() => {
        this.opened = undefined;
        this.sockets.detach();
      });
      this.sockets.attach(opened);
      return opened;
    } catch (error) {
      void engine.close().catch(() => {});
      throw error;
    }
  }

  private setAlarm(deadline: number): void {
    // Before the reply leaves, as what is written is: the output gate waits for it, and the object ends if it cannot be.
    if (!this.ringing) this.ctx.storage.setAlarm(deadline).catch(() => {});
  }

  /** The object's alarm: does what is due, and sets the next one. */
  async alarm(): Promise<void> {
    this.ringing = true;
    let engine: Engine;
    try {
      engine = (this.opened ?? (await this.open())).engine;
    } finally {
      this.ringing = false;
    }
    engine.timer.ring();
  }

  /** Answers over HTTP; a request to upgrade becomes a WebSocket. */
  async fetch(request: Request): Promise<Response> {
    const { WAKEY_TOKEN: token, WAKEY_READONLY_TOKEN: readonlyToken } = this.env;
    try {
      const { cors, base, maxBody, maxReply = MAXREPLY } = this.options();
      const options = {
        token,
        readonlyToken,
        maxReply,
        ...(cors === undefined ? {} : { cors }),
        ...(base === undefined ? {} : { base }),
        ...(maxBody === undefined ? {} : { maxBody }),
      };
      this.handler ??= rest(this.backend(), options, BEAT);
      if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
        return await this.sockets.accept(request, { token, readonlyToken }, () => this.use());
      }
      return await this.handler(request);
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      return Response.json({ error: (error as Error).message }, { status });
    }
  }

  /** Runs commands for a router, which may call them off by the name that it gives them. */
  async run(place: Place, commands: readonly Command[], { name, ...terms }: ShardTerms): Promise<Uint8Array[]> {
    const backend = this.backend(place);
    if (name === undefined) return backend.run(commands, terms);
    const controller = new AbortController();
    this.asked.set(name, () => controller.abort());
    try {
      return await backend.run(commands, { ...terms, signal: controller.signal });
    } finally {
      this.asked.delete(name);
    }
  }

  /** Opens a session for a router; it ends with its stream, or when it is called off. */
  async follow(
    place: Place,
    command: Command,
    access: Access,
    name: string,
  ): Promise<{ reply: Uint8Array; stream: ReadableStream<Uint8Array> }> {
    const { reply, stream, close } = await follow(this.backend(place), command, access, () => this.asked.delete(name));
    this.asked.set(name, close);
    return { reply, stream };
  }

  /** Calls off what goes on under a name. */
  callOff(name: string): void {
    this.asked.get(name)?.();
  }

  /**
   * The database as requests ask it: opened with the first command, which is after the token was looked at. No request is answered more
   * than the object's own bound.
   */
  backend(place?: Place): Backend {
    return {
      run: async (commands, terms: Terms) => {
        const { backend, patient } = await this.use(place);
        const { maxReply = MAXREPLY } = this.options();
        const most = Math.min(terms.maxReply ?? maxReply, maxReply);
        return (terms.isPatient ? patient : backend).run(commands, { ...terms, maxReply: most });
      },
      follow: async (...asked) => (await this.use(place)).backend.follow(...asked),
    };
  }
}
