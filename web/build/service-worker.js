// Everything the page needs, kept in the browser: after one visit the studio opens without a network. The list and its
// version are put in by the build. The API is never touched.
const VERSION = "__VERSION__";
const FILES = __FILES__;
const CACHE = `spandrel-${VERSION}`;
/** Data, large, and a third as large when packed: the browser keeps what it was given unpacked. */
const PACKED = /\.(wasm|bin)$|\/(icons|templates)-[^/]+\.js$/;

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      // Names with a hash never change: what an older version has kept need not be fetched again.
      await Promise.all(
        FILES.map(async (url) => {
          const kept = url.startsWith("/assets/") ? await caches.match(url) : undefined;
          if (kept) return cache.put(url, kept);
          if (!PACKED.test(url)) return cache.add(new Request(url, { cache: "reload" }));
          const response = await fetch(url, { cache: "reload" });
          if (!response.ok) throw new Error(`${url}: ${response.status}`);
          return cache.put(url, through(response, new CompressionStream("gzip")));
        }),
      );
      await self.skipWaiting();
    })(),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const key of await caches.keys()) if (key.startsWith("spandrel-") && key !== CACHE) await caches.delete(key);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate" && !isApi(url.pathname)) {
    event.respondWith(page(request));
  } else if (FILES.includes(url.pathname)) {
    event.respondWith(kept(request, url.pathname));
  } else if (url.pathname.startsWith("/assets/")) {
    event.respondWith(keptOnceUsed(request));
  }
});

const isApi = (path) => /^\/(v1|v2|ws|health|metrics|docs|openapi\.json)(\/|$)/.test(path);

/** The newest page where the network has one at once, else the kept one. */
async function page(request) {
  try {
    const response = await fetch(request);
    if (response.ok) return response;
  } catch {
    // No network: that is what this is for.
  }
  return (await caches.match("/index.html", { cacheName: CACHE })) ?? Response.error();
}

async function kept(request, path) {
  const found = await caches.match(path, { cacheName: CACHE });
  if (!found) return fetch(request);
  return PACKED.test(path) ? through(found, new DecompressionStream("gzip")) : found;
}

/** What few need, fonts of other scripts and logos, is kept from its first use on; its name never means anything else. */
async function keptOnceUsed(request) {
  const found = await caches.match(request, { cacheName: CACHE });
  if (found) return found;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CACHE)).put(request, response.clone());
  return response;
}

/** The same answer with its body changed on the way. */
function through(response, transform) {
  const headers = new Headers(response.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  return new Response(response.body.pipeThrough(transform), { headers });
}
