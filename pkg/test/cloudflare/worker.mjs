/**
 * The Worker of the tests: objects of several classes, reached by `fetch` as they are, and by RPC through `/rpc`, which takes
 * `[method, ...arguments]`. The header `x-object` names the object, `x-class` its binding;
 * with `x-shards` both go to a database of so many objects.
 */
import { WakeyObject, wakey } from "wakey/cloudflare";

export class Store extends WakeyObject {
  options = { cors: "https://page.example", config: { "notify-keyspace-events": "Ex", "auto-aof-rewrite-min-size": "65536" } };
  life = crypto.randomUUID();

  /** Another one after each eviction. */
  whichLife() {
    return this.life;
  }

  /** Ends the object as a crash does: what is not written is lost, and callers fail. */
  crash() {
    this.ctx.abort("crash");
  }

  rows() {
    return this.ctx.storage.sql
      .exec("SELECT part, count(*) AS n, max(length(bytes)) AS longest FROM wakey_journal GROUP BY part")
      .toArray();
  }

  parts() {
    return this.ctx.storage.sql.exec("SELECT value FROM wakey_meta WHERE name = 'parts'").toArray();
  }

  nextAlarm() {
    return this.ctx.storage.getAlarm();
  }

  query(text, ...bindings) {
    return this.ctx.storage.sql.exec(text, ...bindings).toArray();
  }
}

/** The how-manieth call of the storage fails from now on; outlives objects. */
let fault = 0;

/** An object whose storage fails at one call. */
export class Faulty extends Store {
  constructor(ctx, env) {
    const { sql } = ctx.storage;
    const { exec } = sql;
    const faulty = (call) => {
      if (fault > 0 && --fault === 0) throw new Error("injected: disk I/O error");
      return call();
    };
    const storage = new Proxy(ctx.storage, {
      get(target, name) {
        if (name === "sql") return { exec: (...args) => faulty(() => exec.apply(sql, args)) };
        const value = target[name];
        if (name === "transactionSync") return (work) => faulty(() => value.call(target, work));
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    Object.defineProperty(ctx, "storage", { value: storage });
    super(ctx, env);
  }

  /** Whether the fault before has come to pass. */
  failAt(n) {
    const met = fault === 0;
    fault = n;
    return met;
  }
}

export class Small extends WakeyObject {
  options = { maxmemory: 4 << 20, maxWait: 0.2, scriptTimeout: 50 };
}

export class Wrong extends WakeyObject {
  options = { maxmemory: 1 << 30 };
}

export default {
  async fetch(request, env) {
    const namespace = env[request.headers.get("x-class") ?? "STORE"];
    const name = request.headers.get("x-object") ?? "one";
    const shards = Number(request.headers.get("x-shards") ?? 0);
    const tokens = { token: env.WAKEY_TOKEN, readonlyToken: env.WAKEY_READONLY_TOKEN };
    const database = () => (shards > 0 ? wakey(namespace, { name, shards, ...tokens }) : namespace.get(namespace.idFromName(name)));
    if (new URL(request.url).pathname !== "/rpc") return database().fetch(request);
    const [method, ...args] = await request.json();
    try {
      return Response.json({ value: await database()[method](...args) });
    } catch (error) {
      return Response.json({ error: { name: error.name, message: error.message, code: error.code } });
    }
  },
};
