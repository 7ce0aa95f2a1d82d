/** What a Worker asks a database of one or several objects by: `wakey(env.DATABASE, { shards: 4 })`. */
import { DOCS } from "../core/docs.gen.js";
import { Engine } from "../core/engine.js";
import { accessOf, type Handler, type RestOptions, rest } from "../http/fetch.js";
import type { Arg } from "../resp/command.js";
import { Calls, type Outcome, type RpcReply } from "./calls.js";
import { Front } from "./front.js";
import { BEAT, MAXREPLY } from "./options.js";
import { type ObjectNamespace, type ObjectStub, socketPair } from "./platform.js";
import { MOST_SHARDS, Router, type ShardStub, type Table } from "./router.js";

/** `maxReply` is 16 MiB by default. */
export interface DatabaseOptions extends Omit<RestOptions, "unprotected" | "hosts" | "maxWait"> {
  /** Which database: each name has objects of its own. Default: `main`. */
  name?: string;
  /** Over how many objects it is spread, 1 to 256. It cannot be changed once there is data. Default: 1. */
  shards?: number;
}

/** A command as RPC takes it. */
export type RpcCommand = readonly [name: string, ...args: Arg[]];

/** A database that Durable Objects hold, as a Worker sees it. */
export interface Database {
  /**
   * Upstash's REST interface. With one object the request goes to it as it is, WebSockets too, and it asks for the tokens of
   * its own bindings; with several the tokens are those of the options.
   */
  fetch(request: Request): Promise<Response>;
  /** Runs a command; an error that Redis answers is thrown. */
  command(name: string, ...args: Arg[]): Promise<RpcReply>;
  /** Runs commands, in order within each object; each has its result or its error. */
  pipeline(commands: readonly RpcCommand[]): Promise<Outcome[]>;
  /** Runs commands as a transaction, in one object. Throws where none of it ran. */
  multi(commands: readonly RpcCommand[]): Promise<Outcome[]>;
}

/** How the names of a database's other objects begin: no database has such a name. */
const SHARD = "wakey-shard:";

interface Stub extends ObjectStub, ShardStub, Omit<Database, "fetch"> {}

/** What is known of the bindings of this Worker: which databases have agreed to their number of objects. */
const agreements = new WeakMap<object, Map<string, { is: boolean }>>();
let table: Table | undefined;

function refuse(text: string): never {
  throw new TypeError(`wakey(): ${text}`);
}

/** Makes `wakey` from the compiled module, and what keeps a request going (the platform's `waitUntil`). @internal */
export function databases(
  module: WebAssembly.Module,
  later: (work: Promise<unknown>) => void,
): (namespace: ObjectNamespace, options?: DatabaseOptions) => Database {
  return (namespace, options = {}) => {
    if (typeof namespace?.idFromName !== "function") refuse("the first argument must be the binding of a class of objects");
    if (typeof options !== "object" || options === null) refuse("the options must be an object");
    const { name = "main", shards = 1, ...others } = options;
    if (typeof name !== "string" || name === "") refuse("name must be a string");
    if (name.startsWith(SHARD)) refuse(`names that begin with '${SHARD}' are those of shards`);
    if (!Number.isInteger(shards) || shards < 1 || shards > MOST_SHARDS) refuse(`shards must be from 1 to ${MOST_SHARDS}`);
    const stub = (shard: number): Stub => {
      const id = namespace.idFromName(shard === 0 ? name : `${SHARD}${shard}:${name}`);
      return namespace.get(id) as Stub;
    };
    if (shards === 1) {
      const only = stub(0);
      return {
        fetch: (request) => only.fetch(request),
        command: (...command) => only.command(...command),
        pipeline: (commands) => only.pipeline(commands),
        multi: (commands) => only.multi(commands),
      };
    }
    return new Sharded(module, shards, stub, agreement(namespace, `${shards} ${name}`), later, others);
  };
}

function agreement(namespace: object, what: string): { is: boolean } {
  const all = agreements.get(namespace) ?? new Map<string, { is: boolean }>();
  agreements.set(namespace, all);
  const found = all.get(what) ?? { is: false };
  all.set(what, found);
  return found;
}

/** The engine that knows the commands, one for the isolate. Made with the first request: before it there is no randomness. */
function tableOf(module: WebAssembly.Module): Table {
  if (table === undefined || table.engine.ended !== undefined) {
    const engine = Engine.createNow(module, { clock: { now: () => Date.now() }, seed: 1n, timer: false, words: () => DOCS });
    table = { engine, session: engine.openSession({ resp: 2, trusted: true }, () => {}) };
  }
  return table;
}

class Sharded implements Database {
  private readonly table: Table;
  private readonly router: Router;
  private readonly handler: Handler;
  private readonly maxReply: number;
  private readonly calls: Calls;

  constructor(
    module: WebAssembly.Module,
    shards: number,
    stub: (shard: number) => ShardStub,
    agreed: { is: boolean },
    later: (work: Promise<unknown>) => void,
    private readonly options: Omit<RestOptions, "unprotected" | "hosts" | "maxWait">,
  ) {
    this.table = tableOf(module);
    this.maxReply = options.maxReply ?? MAXREPLY;
    this.router = new Router(shards, this.table, stub, agreed, later);
    this.calls = new Calls((commands) => this.router.run(commands, { access: "all" }));
    this.handler = rest(this.router, { ...options, maxReply: this.maxReply }, BEAT);
  }

  async fetch(request: Request): Promise<Response> {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") return this.handler(request);
    const access = accessOf(request, new URL(request.url), this.options);
    if (access === undefined) return Response.json({ error: "Unauthorized" }, { status: 401, headers: { "www-authenticate": "Bearer" } });
    const [client, server] = socketPair();
    new Front(this.table, this.router, access, this.maxReply, server);
    return new Response(null, { status: 101, webSocket: client } as ResponseInit);
  }

  async command(...command: RpcCommand): Promise<RpcReply> {
    return (await this.calls.command(command)) as RpcReply;
  }

  pipeline(commands: readonly RpcCommand[]): Promise<Outcome[]> {
    return this.calls.pipeline(commands);
  }

  multi(commands: readonly RpcCommand[]): Promise<Outcome[]> {
    return this.calls.multi(commands);
  }
}
