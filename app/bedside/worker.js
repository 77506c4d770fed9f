// Opens « My visits » without a network. It keeps the empty page, its scripts and its styles, and
// nothing else: no page of a patient. The server writes VERSION and SHELL before this.

const CACHE = `chevet-visits-${VERSION}`;
const PAGE = "/bedside";
const LONGEST_WAIT_MS = 4000;

self.addEventListener("install", (event) => {
  // Some browsers race the network against a worker that is still asleep, and show its failure.
  if (event.addRoutes) {
    const condition = { urlPattern: new URLPattern({ pathname: PAGE }) };
    event.waitUntil(event.addRoutes([{ condition, source: "fetch-event" }]).catch(() => {}));
  }
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(SHELL.map((url) => new Request(url, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith("chevet-visits-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (!SHELL.includes(url.pathname)) return;
  event.respondWith(url.pathname === PAGE ? page(event.request) : file(event.request, url.pathname));
});

// A script has its version in its address, so the kept one is the right one; of style the newest.
async function file(request, path) {
  const kept = await caches.match(path, { cacheName: CACHE });
  if (kept && path.startsWith("/bedside/app/")) return kept;
  return fetch(request).catch(() => kept ?? Response.error());
}

async function page(request) {
  const kept = await caches.match(PAGE, { cacheName: CACHE });
  const late = new Promise((resolve) => setTimeout(() => resolve(null), LONGEST_WAIT_MS));
  try {
    const answer = await Promise.race([fetch(request), late]);
    return answer && (answer.status < 500 || !kept) ? answer : kept;
  } catch {
    return kept ?? Response.error();
  }
}
