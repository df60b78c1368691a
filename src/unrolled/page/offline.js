// Keeps the desks' pages and what they loaded, so that a second visit needs no network. What carries its digest in its
// name never changes; all else is asked for anew where there is a network.
const KEEP = "unrolled-desk";

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && new URL(url).origin === location.origin) event.respondWith(answer(event.request));
});

async function answer(request) {
  const store = await caches.open(KEEP);
  const fixed = /\/python\/[^/]+\.js$/.test(new URL(request.url).pathname);
  const before = fixed && (await store.match(request));
  if (before) return before;
  try {
    const fresh = await fetch(request);
    if (fresh.ok) await store.put(request, fresh.clone())
      .catch(() => {});       // a full disk keeps nothing, and that is all
    return fresh;
  } catch (error) {
    const old = await store.match(request, { ignoreSearch: true });
    if (old) return old;
    throw error;
  }
}

// What the page loaded before this was there, and which scripts of Python are still in use: the others go.
addEventListener("message", ({ data }) => {
  caches.open(KEEP).then(async (store) => {
    for (const { url } of await store.keys()) {
      const [, script] = /\/python\/([^/]+\.js)$/.exec(url) ?? [];
      if (script && !data.python.includes(script)) await store.delete(url);
    }
    for (const address of data.keep.filter((url) => url.startsWith(location.origin))) {
      if (!(await store.match(address))) await store.add(address).catch(() => {});
    }
  });
});
