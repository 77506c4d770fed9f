// Notifications: shows the fixed words, says that they arrived and that they were opened. The
// server takes a missing receipt for a phone that is off and writes an SMS instead.

const RECEIPT_TRIES = 3;
const RECEIPT_PAUSE_MS = 2000;

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data?.json() ?? {};
  } catch {
    // Not ours, or cut: browsers want something shown for every push all the same.
  }
  event.waitUntil(notify(said));
});

const HOME = "/p";

async function notify(said) {
  const { title = "Chevet", body = "Un message vous attend", id, receipt, url = HOME } = said;
  await self.registration.showNotification(title, {
    body,
    // One at a time of what opens the same page: one that is sent again replaces the one before it.
    tag: url === HOME ? "chevet" : `chevet:${url}`,
    renotify: true,
    icon: "/static/icon-192.png",
    badge: "/static/icon-192.png",
    data: { id, receipt, url },
  });
  await acknowledge(id, receipt, false);
}

async function acknowledge(id, receipt, opened) {
  if (!id || !receipt) return;
  for (let tried = 0; tried < RECEIPT_TRIES; tried += 1) {
    if (tried) await new Promise((resolve) => setTimeout(resolve, RECEIPT_PAUSE_MS));
    const answer = await fetch("/p/push/received", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id, receipt, opened }),
      credentials: "omit",
      redirect: "error",
      keepalive: true,
    }).catch(() => null);
    if (answer && answer.status < 500) return;
  }
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const { id, receipt, url } = event.notification.data ?? {};
  event.waitUntil(Promise.all([acknowledge(id, receipt, true), openPage(pathOf(url))]));
});

function pathOf(url) {
  const at = new URL(url ?? HOME, self.location.origin);
  return at.origin === self.location.origin ? at.pathname : HOME;
}

async function openPage(path) {
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === path);
  return there ? there.focus() : self.clients.openWindow(path);
}
