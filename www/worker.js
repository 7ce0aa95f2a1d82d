/**
 * The service worker of the playground, and that of the documentation: all files of a build are kept, and answered from there, so that its
 * pages work without a network. A new build is another cache; it is used from the next visit on. NAME, FILES, VERSION and PACKED, a
 * file with the texts of pages by their names, stand in front of this when it is built.
 */
/* global NAME, FILES, VERSION, PACKED */
const CACHE = `${NAME}-${VERSION}`;

addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    if (PACKED === undefined) return;
    const packed = await fetch(PACKED);
    if (!packed.ok) throw new Error(`${PACKED}: ${packed.status}`);
    const headers = new Headers(packed.headers);
    for (const name of ["content-encoding", "content-length"]) headers.delete(name);
    headers.set("content-type", "text/html; charset=utf-8");
    for (const [page, text] of Object.entries(await packed.json())) await cache.put(page, new Response(text, { headers }));
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith(`${NAME}-`) && name !== CACHE) await caches.delete(name);
    await clients.claim();
  };
  event.waitUntil(tidy());
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  const answer = async () => {
    const cache = await caches.open(CACHE);
    return (await cache.match(request, { ignoreSearch: true })) ?? fetch(request);
  };
  event.respondWith(answer());
});
