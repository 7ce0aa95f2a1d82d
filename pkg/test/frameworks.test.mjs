/** `wakey/react`, `wakey/vue`, `wakey/svelte` in headless Chromium: what components read is shown again when it has changed. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";
import { compile } from "svelte/compiler";
import { context, skip } from "./pages.mjs";
import { pkg, root } from "./support.mjs";

const APPS = {
  react: `
    import { StrictMode, createElement as h } from "react";
    import { createRoot } from "react-dom/client";
    import { useLive, useWakey, WakeyProvider } from "wakey/react";
    let renders = 0;
    function User({ id }) {
      const user = useLive((db) => db.hgetall("user:" + id), [id]);
      const todos = useLive((db) => db.lrange("todos", 0, -1));
      const later = useLive(async (db) => db.get("later"));
      const db = useWakey();
      globalThis.renders = ++renders;
      return h("p", { onClick: () => db.rpush("todos", "clicked") }, [user.name ?? "nobody", todos.join(), String(later)].join(" "));
    }
    function App() {
      return h(User, { id: useLive((db) => db.get("current")) });
    }
    export function mount(db, root) {
      const app = createRoot(root);
      app.render(h(StrictMode, null, h(WakeyProvider, { value: db }, h(App))));
      return () => app.unmount();
    }`,
  vue: `
    import { createApp, h, ref } from "vue";
    import { useLive, useWakey, wakey } from "wakey/vue";
    let renders = 0;
    const App = { setup() {
      const db = useWakey();
      const id = useLive((db) => db.get("current"));
      const user = useLive((db) => db.hgetall("user:" + id.value));
      const todos = useLive((db) => db.lrange("todos", 0, -1));
      const later = useLive(async (db) => db.get("later"));
      return () => {
        globalThis.renders = ++renders;
        return h("p", { onClick: () => db.rpush("todos", "clicked") }, [user.value.name ?? "nobody", todos.value.join(), String(later.value)].join(" "));
      };
    } };
    export function mount(db, root) {
      const app = createApp(App);
      app.use(wakey(db));
      app.mount(root);
      return () => app.unmount();
    }`,
  svelte: `
    import { mount as start, unmount } from "svelte";
    import App from "app.svelte";
    export function mount(db, root) {
      const app = start(App, { target: root, props: { db } });
      return () => unmount(app);
    }`,
};

const SVELTE = `<script>
  import { live } from "wakey/svelte";
  let { db } = $props();
  const todos = live(db, (db) => db.lrange("todos", 0, -1));
  const later = live(db, async (db) => db.get("later"));
  const user = live(db, (db) => db.hgetall("user:" + db.get("current")));
</script>
<p onclick={() => db.rpush("todos", "clicked")}>{[$user.name ?? "nobody", $todos.join(), String($later)].join(" ")}</p>`;

/** One file of an app, with `wakey` left as the package has it. */
async function bundled(name) {
  const svelte = {
    name: "svelte",
    setup(plugin) {
      plugin.onResolve({ filter: /^app\.svelte$/ }, ({ path }) => ({ path, namespace: "svelte" }));
      plugin.onLoad({ filter: /.*/, namespace: "svelte" }, () => ({
        contents: compile(SVELTE, { generate: "client" }).js.code,
        resolveDir: pkg,
      }));
    },
  };
  const { outputFiles } = await build({
    stdin: { contents: APPS[name], resolveDir: pkg },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["browser"],
    define: {
      "process.env.NODE_ENV": '"development"',
      __VUE_OPTIONS_API__: "true",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
    },
    plugins: [svelte],
  });
  return outputFiles[0].text;
}

/** A page with an app on it. */
async function shown(t, name) {
  const { one, tab, close } = await context();
  t.after(close);
  const body = await bundled(name);
  await one.route("**/app.js", (route) => route.fulfill({ body, contentType: "text/javascript" }));
  const page = await tab();
  const errors = heardErrors(page);
  await page.evaluate(async () => {
    globalThis.clock = wakey.manualClock(0);
    globalThis.db = await wakey.open({ clock });
    db.set("current", "1");
    db.hset("user:1", { name: "Ann" });
    const root = document.body.appendChild(document.createElement("div"));
    const { mount } = await import("/app.js");
    globalThis.unmount = mount(db, root);
  });
  const says = async (text) => {
    await page.waitForFunction((text) => document.querySelector("p")?.textContent === text, text, { timeout: 5000 }).catch(() => {});
    assert.equal(await page.evaluate(() => document.querySelector("p")?.textContent), text, errors.join("\n"));
  };
  return { page, says, errors };
}

/** What goes wrong on a page, from now on. */
function heardErrors(page) {
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  return errors;
}

for (const name of Object.keys(APPS)) {
  test(`${name}: a component shows what it reads, and again when that has changed`, { skip }, async (t) => {
    const { page, says, errors } = await shown(t, name);
    await says("Ann  null");
    await page.evaluate(() => db.hset("user:1", "name", "Bea"));
    await says("Bea  null");
    await page.click("p");
    await says("Bea clicked null");
    await page.evaluate(() => db.set("later", "now"));
    await says("Bea clicked now");
    await page.evaluate(() => {
      db.hset("user:2", { name: "Cy" });
      db.set("current", "2");
    });
    await says("Cy clicked now");
    await page.evaluate(() => {
      db.call("PEXPIRE", "todos", "1000");
      clock.advance(1000);
    });
    await says("Cy  now");
    const before = await page.evaluate(() => globalThis.renders);
    await page.evaluate(async () => {
      db.set("unrelated", 1);
      db.hset("user:1", "name", "Dee");
      await new Promise((done) => setTimeout(done, 20));
    });
    assert.equal(await page.evaluate(() => globalThis.renders), before, "other keys render nothing");
    await page.evaluate(() => void unmount());
    assert.doesNotMatch(await page.evaluate(() => db.call("CLIENT", "LIST")), /wakey-live/);
    assert.deepEqual(errors, []);
  });
}

test("across tabs: what one writes, the other shows, also when who led has gone", { skip }, async (t) => {
  const { tab: opened, close } = await context();
  t.after(close);
  const tab = async () => {
    const page = await opened();
    await page.evaluate(async () => {
      globalThis.db = await wakey.open("idb:live", { shared: true });
      globalThis.heard = [];
      globalThis.live = db.live(
        async () => [await db.get("n"), await db.lrange("l", 0, -1)],
        (value) => heard.push(value),
      );
    });
    const says = (value) => page.waitForFunction((value) => JSON.stringify(live.value) === value, JSON.stringify(value), { timeout: 5000 });
    return { page, says };
  };
  const [first, second, third] = [await tab(), await tab(), await tab()];
  await first.page.evaluate(() => db.incr("n"));
  for (const { says } of [first, second, third]) await says(["1", []]);
  await third.page.evaluate(() => db.multi().rpush("l", "a").incr("n").exec());
  for (const { says } of [first, second, third]) await says(["2", ["a"]]);
  const runs = await second.page.evaluate(() => heard.length);
  await first.page.evaluate(() => db.set("other", 1));
  await first.page.close();
  await third.page.evaluate(() => db.set("n", "9"));
  for (const { says } of [second, third]) await says(["9", ["a"]]);
  await second.page.evaluate(() => db.pexpire("n", 50));
  for (const { says } of [second, third]) await says([null, ["a"]]);
  assert.ok((await second.page.evaluate(() => heard.length)) <= runs + 2, "what is the same is told to nobody");
});

test("the example: a list that works offline, in all tabs, and after a reload", { skip }, async (t) => {
  const folder = join(root, "examples/todo");
  const { outputFiles } = await build({
    entryPoints: [join(folder, "main.js")],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
  });
  const { one, tab: opened, close } = await context();
  t.after(close);
  await one.route("**/todo/*", (route) => {
    const isScript = route.request().url().endsWith("main.js");
    const body = isScript ? outputFiles[0].text : readFileSync(join(folder, "index.html"), "utf8");
    return route.fulfill({ body, contentType: isScript ? "text/javascript" : "text/html" });
  });
  const errors = [];
  const tab = async () => {
    const page = await opened();
    page.on("pageerror", (error) => errors.push(error.message));
    await page.goto(new URL("/todo/index.html", page.url()).href);
    const says = async (...lines) => {
      const shown = () =>
        page.$$eval("li, #left", (all) =>
          all.map((one) => `${one.className && "done "}${one.querySelector("span")?.textContent ?? one.textContent}`),
        );
      for (let i = 0; i < 200 && (await shown()).join() !== lines.join(); i++) await page.waitForTimeout(20);
      assert.deepEqual(await shown(), lines, errors.join("\n"));
    };
    const add = async (text) => {
      await page.fill("input[type=text]", text);
      await page.click("form button");
    };
    return { page, says, add };
  };
  const [first, second] = [await tab(), await tab()];
  await first.says("Nothing to do.");
  await one.setOffline(true);
  await first.add("write");
  await second.says("write", "1 of 1 left");
  await second.add("test");
  await first.says("write", "test", "2 of 2 left");
  await second.page.click("li:first-child input");
  await first.says("done write", "test", "1 of 2 left");
  await first.page.close();
  await second.page.click("li:last-child button");
  await second.says("done write", "0 of 1 left");
  await second.page.reload();
  await second.says("done write", "0 of 1 left");
  assert.deepEqual(errors, []);
});

test("the example: search by meaning in the page, offline, with a filter", { skip }, async (t) => {
  const { files, typeOf } = await import("../../examples/search/serve.mjs");
  const all = await files();
  const { one, tab, close } = await context();
  t.after(close);
  const asked = new Set();
  await one.route("**/search/*", (route) => {
    const name = route.request().url().split("/").at(-1);
    asked.add(name);
    return route.fulfill({ body: Buffer.from(all[name]), contentType: typeOf(name) });
  });
  const page = await tab();
  const errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  await page.goto(new URL("/search/index.html", page.url()).href);
  const texts = String(all["texts.txt"]).trim().split("\n");
  await page.getByText(`${texts.length} texts`, { exact: true }).waitFor();
  await one.setOffline(true);
  const finds = async (text, kind = "") => {
    await page.selectOption("select", kind);
    await page.fill("input", text);
    return page.locator("li span").allTextContents();
  };
  // None of these has a word of what was asked for.
  for (const [text, first] of [
    ["monarch", "An emperor is crowned"],
    ["broken furniture", "Glue a broken chair"],
    ["solar system", "Count the planets of another sun"],
  ]) {
    const found = await finds(text);
    assert.equal(found.length, 8);
    assert.ok(found.slice(0, 3).includes(first), `${text}: ${found.join("; ")}`);
  }
  assert.equal((await finds("computer", "music")).length, 8);
  const kinds = await page.locator("li small").allTextContents();
  assert.ok(
    kinds.every((kind) => kind.startsWith("music ")),
    "the filter asks for the attribute",
  );
  assert.deepEqual(await finds("xyzzy"), []);
  await page.getByText("None of these words is known.").waitFor();
  assert.deepEqual([...asked].sort(), ["index.html", "main.js", "texts.txt", "words.bin"], "and nothing else");
  await page.setViewportSize({ width: 390, height: 844 });
  await finds("bad weather");
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 390);
  assert.deepEqual(errors, []);
});
