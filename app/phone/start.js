// On every screen of the phone: the service worker, what waits to be sent, leaving cleanly.

import * as queue from "./queue.js";
import * as times from "./times.js";
import * as vault from "./vault.js";

const state = document.getElementById("phone-state");
const owner = state?.dataset.owner ?? "";
const words = JSON.parse(state?.dataset.words ?? "{}");

// What came too late for what was asked is said on whatever page is open when it leaves the phone.
let late = false;

async function show() {
  const rows = await queue.waiting(owner);
  const worst = ["refused", "sign_in", "waiting"].find((one) =>
    rows.some((row) => row.state === one),
  );
  const said = worst ?? (late ? "late" : null);
  state.hidden = !said;
  if (!said) return;
  state.querySelector("[data-said]").textContent = words[said];
  state.querySelector("[data-sign-in]").hidden = worst !== "sign_in";
  state.querySelector("[data-correct]").hidden = worst !== "refused";
}

async function go() {
  await queue.send(owner);
  await show();
}

async function today() {
  const answer = await fetch("/p/api/today", { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  await times.contact(answer);
  const { pages } = await answer.json();
  const worker = (await navigator.serviceWorker?.ready)?.active;
  worker?.postMessage({ kind: "today", pages });
}

// Who signs out leaves nothing behind; but an answer that has not left yet is not erased unasked.
async function leave(form) {
  await queue.send(owner).catch(() => {});
  const dialog = document.getElementById("leaving");
  if (dialog && (await queue.waiting(owner)).length && !(await agreed(dialog))) return;
  await vault.erase().catch(() => {});
  for (const name of await caches.keys()) {
    if (name === "chevet-today") await caches.delete(name);
  }
  form.submit();
}

function agreed(dialog) {
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "leave"), { once: true });
    dialog.showModal();
  });
}

function install() {
  const place = document.getElementById("install");
  if (!place || matchMedia("(display-mode: standalone)").matches) return;
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    place.hidden = false;
    place.querySelector("button").hidden = false;
    place.querySelector("button").onclick = () => event.prompt();
  });
  // Safari on a telephone has no such event: it says how by hand.
  if ("standalone" in navigator && !navigator.standalone) {
    place.hidden = false;
    place.querySelector("[data-by-hand]").hidden = false;
  }
  addEventListener("appinstalled", () => (place.hidden = true));
}

async function listOffline() {
  const place = document.getElementById("offline-pages");
  if (!place) return;
  const cache = await caches.open("chevet-today");
  const found = await cache.keys();
  for (const request of found) {
    const page = await (await cache.match(request)).text();
    const heading = new DOMParser().parseFromString(page, "text/html").querySelector("h1");
    const link = document.createElement("a");
    link.className = "button big wide";
    link.href = new URL(request.url).pathname;
    link.textContent = heading?.textContent.trim() ?? link.href;
    place.append(link);
  }
  document.getElementById("offline-none").hidden = found.length > 0;
}

install();
listOffline();
if (state) {
  queue.onChange((detail) => {
    // The page of the questions says it in its own place.
    late ||= Boolean(detail?.late) && !document.getElementById("done");
    return show();
  });
  addEventListener("online", go);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && go());
  for (const form of document.querySelectorAll('form[action="/sign-out"]')) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      leave(form);
    });
  }
  show();
  go();
}
if ("serviceWorker" in navigator) {
  navigator.serviceWorker
    .register("/p/sw.js", { scope: "/p", updateViaCache: "none" })
    .then(() => owner && today())
    .catch(() => {});
}
