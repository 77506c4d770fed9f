// Opens today's questions without a network. It keeps the shell and the empty questionnaires of
// today, nothing that anybody answered; the server writes VERSION, SHELL and OFFLINE before this.

const SHELL_CACHE = `chevet-shell-${VERSION}`;
const PAGES_CACHE = "chevet-today";
const LONGEST_WAIT_MS = 8000;

self.addEventListener("install", (event) => {
  // Some browsers race the network against a worker that is still asleep, and show its failure.
  // Ours are asked first; everybody else's pages never wake the worker.
  if (event.addRoutes) {
    const of = (pathname) => ({ urlPattern: new URLPattern({ pathname }) });
    const routes = [
      { condition: of("/p{/*}?"), source: "fetch-event" },
      { condition: of("/patients{/*}?"), source: "network" },
    ];
    event.waitUntil(event.addRoutes(routes).catch(() => {}));
  }
  event.waitUntil(
    caches
      .open(SHELL_CACHE)
      .then((cache) => cache.addAll(SHELL.map((url) => new Request(url, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith("chevet-shell-") && name !== SHELL_CACHE)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => self.clients.claim()),
  );
});

// The page says which questionnaires are today's; those of other days are forgotten.
self.addEventListener("message", (event) => {
  if (event.data?.kind === "today") event.waitUntil(keepToday(event.data.pages));
  if (event.data?.kind === "forget") event.waitUntil(caches.delete(PAGES_CACHE));
});

async function keepToday(pages) {
  const cache = await caches.open(PAGES_CACHE);
  const wanted = new Set(pages.map((page) => new URL(page, self.location).pathname));
  for (const request of await cache.keys()) {
    if (!wanted.has(new URL(request.url).pathname)) await cache.delete(request);
  }
  for (const path of wanted) {
    await keep(cache, path).catch(() => {});
  }
}

// Whole before it is put: a page that is cut off on its way would take the place of the kept one.
async function keep(cache, path) {
  const answer = await fetch(`${path}?blank=1`, { redirect: "error" });
  if (!answer.ok) return;
  const text = await answer.text();
  const before = await cache.match(path);
  if (before && (await before.text()) === text) return;
  await cache.put(path, new Response(text, { headers: answer.headers }));
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  const { method, mode } = event.request;
  if (method !== "GET" || url.origin !== self.location.origin) return;
  if (SHELL.includes(url.pathname)) {
    event.respondWith(shell(event.request, url.pathname));
  } else if (mode === "navigate" && (url.pathname === "/p" || url.pathname.startsWith("/p/"))) {
    event.respondWith(open(event.request, url));
  }
});

// A script has its version in its address, so the kept one is the right one; of style the newest.
async function shell(request, path) {
  const kept = await caches.match(path, { cacheName: SHELL_CACHE });
  if (path.startsWith("/p/app/")) return kept ?? fetch(request);
  return fetch(request).catch(() => kept ?? Response.error());
}

async function open(request, url) {
  const kept = await caches.match(url.pathname, { cacheName: PAGES_CACHE });
  const offline = async () => kept ?? (await caches.match(OFFLINE)) ?? Response.error();
  const late = new Promise((resolve) => setTimeout(() => resolve(null), LONGEST_WAIT_MS));
  try {
    const answer = await (kept ? Promise.race([fetch(request), late]) : fetch(request));
    return !answer || (answer.status >= 500 && kept) ? offline() : answer;
  } catch {
    return offline();
  }
}
