/** Pages and workers in headless Chromium, with the package as `wakey`: for tests of stores. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before } from "node:test";
import { chromium, dist, launch } from "./support.mjs";

const executablePath = chromium();
export const skip = executablePath === undefined && "no browser";
let browser;
let site;
let base;

/** Runs what it is sent, as the body of an asynchronous function of `wakey`, and sends back what that gives. */
const WORKER = `
  import * as wakey from "/dist/inline.js";
  globalThis.wakey = wakey;
  onmessage = async ({ data: { id, body } }) => {
    try {
      postMessage({ id, value: await (0, eval)("(async () => {" + body + "})")() });
    } catch (error) {
      postMessage({ id, error: error.name + ": " + error.message });
    }
  };
  postMessage({ id: 0 });`;

before(async () => {
  if (skip) return;
  site = createServer((request, response) => {
    if (request.url.startsWith("/dist/")) {
      return void response.setHeader("content-type", "text/javascript").end(readFileSync(join(dist, request.url.slice(6))));
    }
    if (request.url === "/worker.js") return void response.setHeader("content-type", "text/javascript").end(WORKER);
    response.setHeader("content-type", "text/html").end("<!doctype html><title>t</title>");
  });
  await new Promise((done) => site.listen(0, "127.0.0.1", done));
  base = `http://127.0.0.1:${site.address().port}`;
  browser = await launch(executablePath);
});

after(async () => {
  await browser?.close();
  site?.close();
});

/** Lets a page have the package as `wakey`, and `inWorker(n, body)`, which runs code in its worker number n. */
export async function ready(page) {
  await page.goto(base);
  await page.evaluate(async () => {
    globalThis.wakey = await import("/dist/inline.js");
    const workers = new Map();
    globalThis.inWorker = async (n, body) => {
      if (!workers.has(n)) {
        const worker = new Worker("/worker.js", { type: "module" });
        await new Promise((done, failed) => {
          worker.onmessage = done;
          worker.onerror = (event) => failed(new Error(event.message));
        });
        workers.set(n, worker);
      }
      const worker = workers.get(n);
      const id = Math.random();
      return new Promise((done, failed) => {
        worker.addEventListener("message", function heard({ data }) {
          if (data.id !== id) return;
          worker.removeEventListener("message", heard);
          if (data.error) failed(new Error(data.error));
          else done(data.value);
        });
        worker.postMessage({ id, body });
      });
    };
    globalThis.endWorker = (n) => {
      workers.get(n).terminate();
      workers.delete(n);
    };
  });
  return page;
}

/** A browser of its own: `tab()` opens a page in it. */
export async function context() {
  const one = await browser.newContext();
  return { one, tab: async () => ready(await one.newPage()), close: () => one.close() };
}
