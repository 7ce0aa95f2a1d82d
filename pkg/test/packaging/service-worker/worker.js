import { open } from "wakey";
import "wakey/stores";
import { fetchHandler } from "wakey/upstash";

/** Answers the page's requests under /redis/ from a database in the worker: the page's own origin may do everything. */
const ready = open("idb:worker").then((db) => fetchHandler(db, { base: "/redis", unprotected: true }));

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (new URL(event.request.url).pathname.startsWith("/redis/")) event.respondWith(ready.then((answer) => answer(event.request)));
});
