/** `idb:` and `opfs:` in headless Chromium: pages that are reloaded, tabs, workers, storage that refuses. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { context, ready, skip } from "./pages.mjs";
import { until } from "./support.mjs";

test("idb: what was written is there after a reload, of every type, with a snapshot and without", { skip }, async () => {
  const { tab, close } = await context();
  const page = await tab();
  await page.evaluate(async () => {
    const db = await wakey.open("idb:notes");
    db.set("s", "é", "PX", 100_000_000);
    db.hset("h", { a: 1 });
    db.zadd("z", 1.5, "m");
    db.xadd("x", "1-1", { f: "v" });
    for (let i = 0; i < 1000; i++) db.rpush("l", i);
    db.multi().select(2).set("other", 1).exec();
    await db.durable();
  });
  const look = async () => {
    const progress = [];
    const db = await wakey.open("idb:notes", { onProgress: (one) => progress.push(one) });
    const found = [db.get("s"), db.pttl("s") > 0, db.hget("h", "a"), db.zscore("z", "m"), db.xlen("x"), db.llen("l"), db.stats().keys];
    db.select(2);
    found.push(db.get("other"), progress.at(-1).loaded === progress.at(-1).total);
    await db._engine.persistence.rewrite();
    db.incr("other");
    await db.close();
    return found;
  };
  for (let reload = 0; reload < 3; reload++) {
    await ready(page);
    assert.deepEqual(await page.evaluate(look), ["é", true, "1", 1.5, 1, 1000, 6, String(1 + reload), true]);
  }
  const records = await page.evaluate(async () => {
    const db = await new Promise((done) => {
      indexedDB.open("wakey:notes").onsuccess = ({ target }) => done(target.result);
    });
    const count = (store) =>
      new Promise((done) => {
        db.transaction(store).objectStore(store).count().onsuccess = ({ target }) => done(target.result);
      });
    return [await count("meta"), await count("snapshot"), await count("journal")];
  });
  assert.deepEqual(records, [1, 1, 1]);
  await close();
});

test("idb: a page that is closed in the middle of its writes leaves a beginning of them", { skip }, async () => {
  const { tab, close } = await context();
  let least = 0;
  for (let round = 0; round < 6; round++) {
    const page = await tab();
    const found = await page.evaluate(async () => {
      const db = await wakey.open("idb:log", { durability: "strict" });
      const n = Number(db.get("n") ?? 0);
      const list = db.lrange("l", 0, -1);
      globalThis.durable = n;
      (async () => {
        for (;;) {
          for (let i = 0; i < 10; i++)
            db.multi()
              .incr("n")
              .rpush("l", db.get("n") ?? 0)
              .exec();
          const done = Number(db.get("n"));
          if (done % 100 === 0) db._engine.persistence.rewrite();
          await db.durable();
          globalThis.durable = done;
        }
      })();
      return { n, whole: list.length === n && list.every((one, i) => one === String(i)) };
    });
    assert.ok(found.whole, "in order, without a hole");
    assert.ok(found.n >= least, `${least} were durable, ${found.n} are there`);
    await new Promise((done) => setTimeout(done, Math.random() * 200));
    least = await page.evaluate(() => globalThis.durable);
    await page.close();
  }
  assert.ok(least > 0);
  await close();
});

test("idb: a second tab, and a second call, are kept out with a clear error; it is free after the first", { skip }, async () => {
  const { tab, close } = await context();
  const [first, second] = [await tab(), await tab()];
  const attempt = () =>
    wakey.open("idb:notes").then(
      (db) => db.close().then(() => "opened"),
      (error) => `${error.name}: ${error.message}`,
    );
  await first.evaluate(async () => {
    globalThis.db = await wakey.open("idb:notes");
  });
  const message = "StoreError: idb:notes is open in another tab or worker, or in this one";
  assert.equal(await second.evaluate(attempt), message);
  assert.equal(await first.evaluate(attempt), message);
  assert.equal(await second.evaluate(() => wakey.open("idb:others").then(() => "opened")), "opened");
  await first.evaluate(() => globalThis.db.close());
  assert.equal(await second.evaluate(attempt), "opened");
  await first.evaluate(async () => {
    globalThis.db = await wakey.open("idb:notes");
  });
  await first.close();
  await until(async () => (await second.evaluate(attempt)) === "opened");
  await close();
});

test("idb: a fault at each call in turn: nothing is lost, and it catches up", { skip }, async () => {
  const { tab, close } = await context();
  const page = await tab();
  const report = await page.evaluate(async () => {
    const real = {
      put: IDBObjectStore.prototype.put,
      delete: IDBObjectStore.prototype.delete,
      transaction: IDBDatabase.prototype.transaction,
    };
    const failures = [];
    let faults = 0;
    for (const kind of ["throws", "aborts", "stays away", "gone"]) {
      for (let k = 1, met = true; met; k++) {
        met = false;
        let calls = 0;
        let healed = false;
        let deleted;
        const patch = (prototype, call) => {
          prototype[call] = function (...args) {
            const hit = !healed && ++calls >= k && (kind === "stays away" || calls === k);
            if (hit) {
              met = true;
              if (kind === "gone") {
                deleted = new Promise((done) => {
                  indexedDB.deleteDatabase(`wakey:${name}`).onsuccess = done;
                });
                return real[call].apply(this, args);
              }
              if (kind !== "aborts" || call === "transaction") throw new DOMException("injected", "QuotaExceededError");
              const request = real[call].apply(this, args);
              this.transaction.abort();
              return request;
            }
            return real[call].apply(this, args);
          };
        };
        const name = `faults-${kind}-${k}`;
        const db = await wakey.open(`idb:${name}`);
        patch(IDBObjectStore.prototype, "put");
        patch(IDBObjectStore.prototype, "delete");
        patch(IDBDatabase.prototype, "transaction");
        const attempt = async (key) => {
          try {
            db.incr(key);
            await db.durable();
          } catch (error) {
            if (error.code !== "MISCONF" && error.code !== "STORE") failures.push(`${name}: ${error.stack}`);
          }
        };
        await attempt("a");
        await db._engine.persistence.rewrite();
        await attempt("b");
        db.get("a");
        await attempt("a");
        await db._engine.persistence.rewrite();
        healed = true;
        if (met) faults++;
        await deleted;
        await db.durable().catch((error) => failures.push(`${name}: not caught up: ${error.message}`));
        db.incr("c");
        const before = JSON.stringify([db.get("a"), db.get("b"), db.get("c")]);
        Object.assign(IDBObjectStore.prototype, { put: real.put, delete: real.delete });
        IDBDatabase.prototype.transaction = real.transaction;
        await db.close();
        const again = await wakey.open(`idb:${name}`);
        const found = JSON.stringify([again.get("a"), again.get("b"), again.get("c")]);
        if (found !== before) failures.push(`${name}: ${before} became ${found}`);
        await again.close();
      }
    }
    return { failures, faults };
  });
  assert.deepEqual(report.failures, []);
  assert.ok(report.faults > 30, `${report.faults} faults`);
  await close();
});

test("idb: while it refuses writes get MISCONF and reads go on; a database that was deleted is written anew", { skip }, async () => {
  const { tab, close } = await context();
  const page = await tab();
  const answers = await page.evaluate(async () => {
    const out = [];
    const db = await wakey.open("idb:notes");
    db.set("a", 1);
    await db.durable();
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException("the disk is full", "QuotaExceededError");
    };
    db.set("a", 2);
    out.push(await db.durable().catch((error) => error.message));
    try {
      db.set("a", 3);
    } catch (error) {
      out.push(error.message);
    }
    out.push(db.get("a"));
    IDBObjectStore.prototype.put = put;
    await db.durable();
    db.set("b", 1);
    await db.durable();
    await new Promise((done) => {
      indexedDB.deleteDatabase("wakey:notes").onsuccess = done;
    });
    await db.durable();
    db.set("c", 1);
    await db.close();
    const again = await wakey.open("idb:notes");
    out.push(again.mget("a", "b", "c"));
    return out;
  });
  assert.deepEqual(answers, ["the disk is full", "MISCONF Errors writing to the AOF file: the disk is full", "2", ["2", "1", "1"]]);
  await close();
});

test("opfs: in a worker, what was written is there after the worker has died; not on a page", { skip }, async () => {
  const { tab, close } = await context();
  const page = await tab();
  assert.match(
    await page.evaluate(() => wakey.open("opfs:notes").catch((error) => `${error.name}: ${error.message}`)),
    /^StoreError: opfs:notes: synchronous access handles exist only in workers; open it in a worker \(with shared: true, pages can ask that worker\), or use 'idb:notes'$/,
  );
  for (const appendfsync of ["always", "everysec", "no"]) {
    const found = await page.evaluate(async (policy) => {
      const name = `opfs:notes-${policy}`;
      await inWorker(
        1,
        `
        globalThis.db = await wakey.open("${name}", { appendfsync: "${policy}" });
        db.hset("h", { a: 1 });
        for (let i = 0; i < 1000; i++) db.rpush("l", i);
        const before = db.info("persistence");
        const saved = db.save();
        if (!(saved instanceof Promise) || (await saved) !== "OK" || db.info("persistence") === before) throw new Error("not saved");
        db.set("s", "é");
        db._engine.persistence.rewrite();
        db.multi().select(2).set("other", 1).exec();`,
      );
      const refused = await inWorker(2, `return wakey.open("${name}").catch((error) => error.message)`);
      endWorker(1);
      return [
        refused,
        ...(await inWorker(
          2,
          `
        let db;
        for (let i = 0; i < 100 && !db; i++) {
          try { db = await wakey.open("${name}"); } catch { await new Promise((done) => setTimeout(done, 20)); }
        }
        const found = [db.hget("h", "a"), db.llen("l"), db.get("s"), db.stats().keys];
        db.set("more", 1);
        await db.close();
        db = await wakey.open("${name}");
        found.push(db.get("more"));
        await db.close();
        return found;`,
        )),
      ];
    }, appendfsync);
    assert.deepEqual(found, [`opfs:notes-${appendfsync} is open in another tab or worker, or in this one`, "1", 1000, "é", 4, "1"]);
    await page.evaluate(() => endWorker(2));
  }
  await close();
});

test("opfs: a fault at each call in turn: what was answered is there, and it catches up", { skip }, async () => {
  const { tab, close } = await context();
  const page = await tab();
  const report = await page.evaluate(() =>
    inWorker(
      1,
      `
    const P = FileSystemSyncAccessHandle.prototype;
    const names = ["write", "flush", "truncate"];
    const real = Object.fromEntries(names.map((name) => [name, P[name]]));
    const failures = [];
    let faults = 0;
    for (const kind of ["throws", "short", "stays away", "gone"]) {
      for (let k = 1, met = true; met && k < 100; k++) {
        met = false;
        let calls = 0;
        let healed = false;
        const name = "faults-" + kind.replace(" ", "-") + "-" + k;
        const db = await wakey.open("opfs:" + name, { appendfsync: "always" });
        for (const call of names) {
          P[call] = function (...args) {
            const hit = !healed && ++calls >= k && (kind === "stays away" || calls === k);
            if (!hit) return real[call].apply(this, args);
            met = true;
            // As where the browser has taken the file away: this call fails, and each one after it.
            if (kind === "gone") this.close();
            if (kind === "gone") return real[call].apply(this, args);
            if (kind === "short" && call === "write") {
              real.write.call(this, args[0].subarray(0, args[0].length >> 1), args[1]);
              throw new DOMException("injected", "QuotaExceededError");
            }
            throw new DOMException("injected", "QuotaExceededError");
          };
        }
        const attempt = (key) => {
          try { db.incr(key); } catch (error) { if (error.code !== "MISCONF") failures.push(name + ": " + error.stack); }
        };
        attempt("a");
        await db._engine.persistence.rewrite();
        attempt("b");
        attempt("a");
        await db._engine.persistence.rewrite();
        healed = true;
        if (met) faults++;
        await db.durable().catch((error) => failures.push(name + ": not caught up: " + error.message));
        attempt("c");
        const before = JSON.stringify([db.get("a"), db.get("b"), db.get("c")]);
        Object.assign(P, real);
        await db.close();
        const again = await wakey.open("opfs:" + name, { onWarning: () => {} });
        const found = JSON.stringify([again.get("a"), again.get("b"), again.get("c")]);
        if (found !== before) failures.push(name + ": " + before + " became " + found);
        await again.close();
      }
    }
    return { failures, faults };`,
    ),
  );
  assert.deepEqual(report.failures, []);
  assert.ok(report.faults > 20, `${report.faults} faults`);
  await close();
});

test("idb, opfs: flipped bits give an error or other values, never a trap, and nothing of another database", { skip }, async () => {
  const { tab, close } = await context();
  const page = await tab();
  /** Runs in the page and in a worker: `parts` reads what is stored, `put` writes a part of it. */
  const rounds = `
    let seed = 5;
    const random = (n) => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) % n;
    const other = await wakey.open(scheme + ":other");
    other.set("secret", "of another one");
    await other.close();
    const db = await wakey.open(scheme + ":flips");
    for (let i = 0; i < 20; i++) db.multi().set("key " + i, i).hset("h", "f" + i, "v").zadd("z", i, "m" + i).exec();
    await db.durable();
    await db._engine.persistence.rewrite();
    for (let i = 0; i < 20; i++) db.incr("n");
    await db.close();
    const all = await parts();
    const seen = { errors: 0, opened: 0, wrong: [] };
    for (let round = 0; round < 150; round++) {
      const [where, bytes] = all[random(all.length)];
      const bad = bytes.slice();
      bad[random(bad.length)] ^= 1 << random(8);
      await put(where, bad);
      try {
        const one = await wakey.open(scheme + ":flips", { onWarning: () => {} });
        if (one.get("secret") !== null) seen.wrong.push("secret");
        await one.close();
        seen.opened++;
      } catch (error) {
        if (error.name === "StoreError") seen.errors++;
        else seen.wrong.push(error.stack);
      }
      for (const [where, bytes] of all) await put(where, bytes);
    }
    const again = await wakey.open(scheme + ":flips");
    if (again.get("n") !== "20" || again.zcard("z") !== 20) seen.wrong.push("not as before");
    await again.close();
    return seen;`;
  const idb = `
    const scheme = "idb";
    const within = (work) => new Promise((done, failed) => {
      const request = indexedDB.open("wakey:flips");
      request.onsuccess = ({ target: { result } }) => {
        const transaction = result.transaction(["snapshot", "journal"], "readwrite");
        const found = work(transaction);
        transaction.oncomplete = () => { result.close(); done(found); };
        transaction.onabort = () => failed(transaction.error);
      };
    });
    const parts = () => within((transaction) => {
      const out = [];
      for (const store of ["snapshot", "journal"])
        transaction.objectStore(store).openCursor().onsuccess = ({ target: { result } }) => {
          if (result === null) return;
          out.push([[store, result.key], result.value]);
          result.continue();
        };
      return out;
    });
    const put = ([store, key], bytes) => within((transaction) => void transaction.objectStore(store).put(bytes, key));`;
  const opfs = `
    const scheme = "opfs";
    const root = await navigator.storage.getDirectory();
    const folder = await (await root.getDirectoryHandle("wakey")).getDirectoryHandle("flips", { create: true });
    const on = async (name, work) => {
      const file = await folder.getFileHandle(name, { create: true });
      const handle = await file.createSyncAccessHandle();
      try { return work(handle); } finally { handle.close(); }
    };
    const parts = async () => {
      const out = [];
      for await (const name of folder.keys()) {
        const bytes = await on(name, (handle) => {
          const all = new Uint8Array(handle.getSize());
          handle.read(all, { at: 0 });
          return all;
        });
        if (bytes.length > 0) out.push([name, bytes]);
      }
      return out;
    };
    const put = (name, bytes) => on(name, (handle) => { handle.truncate(bytes.length); handle.write(bytes, { at: 0 }); });`;
  const first = await page.evaluate((body) => new Function(`return (async () => {${body}})()`)(), idb + rounds);
  await page.evaluate(() => inWorker(1, 'await (await wakey.open("opfs:flips")).close()'));
  const second = await page.evaluate((body) => inWorker(1, body), opfs + rounds);
  for (const { errors, opened, wrong } of [first, second]) {
    assert.deepEqual(wrong, []);
    assert.ok(errors > 20 && opened > 20, `${errors} errors, ${opened} opened`);
  }
  await close();
});
