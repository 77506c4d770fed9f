// The form of the bedside while there is no network, and the visit kept for where there is none.
import { sendAll, whenBack } from "./sending.js";
import * as vault from "./vault.js";

const form = document.querySelector("#bedside");
const told = document.querySelector("#kept");
const { owner } = form.dataset;

function say(which) {
  told.textContent = told.dataset[which];
  told.hidden = false;
}

async function correct({ name, wrong }) {
  await vault.forget(name);
  for (const [field, value] of wrong) if (form.elements[field]) form.elements[field].value = value;
  form.submit();
}

async function tryAgain() {
  const came = await sendAll(owner, form.action);
  const wrong = came.find((one) => one.wrong);
  if (wrong) return correct(wrong);
  const waits = came.find((one) => one.said);
  if (waits) return say(waits.said);
  const page = came.findLast((one) => one.page)?.page;
  if (page) location.assign(page);
}

// What was stored is stored once, however often the button is touched: only new typing is new.
let typed = true;
form.addEventListener("input", () => (typed = true));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!typed) return;
  typed = false;
  const key = form.elements.client_key;
  await vault.keep(owner, form.action, key.value, [...new FormData(form)]);
  key.value = crypto.randomUUID();
  await tryAgain();
});

// The visit without a network: what it needs, and the page that opens it.
const visit = document.querySelector("#visit");

async function keepVisit() {
  await navigator.serviceWorker.register("/bedside/sw.js", { scope: "/bedside", updateViaCache: "none" });
  const answer = await fetch(`${form.action}/visit`, { redirect: "error" });
  if (!answer.ok) return "unkept";
  const came = await vault.keepVisit(owner, { ...(await answer.json()), action: form.action });
  return (await shellIsKept()) ? came : "unkept";
}

// « Kept » is said when the page opens without a network, not before.
async function shellIsKept() {
  const late = new Promise((done) => setTimeout(done, 15000, null));
  for (;;) {
    if (await caches.match("/bedside")) return true;
    const turn = new Promise((done) => setTimeout(done, 100, true));
    if (!(await Promise.race([turn, late.then(() => false)]))) return false;
  }
}

visit.querySelector("button").addEventListener("click", async () => {
  const said = visit.querySelector("[role=status]");
  said.textContent = visit.dataset[await keepVisit().catch(() => "unkept")];
});
visit.hidden = !("serviceWorker" in navigator);

form.dataset.ready = "yes";
whenBack(tryAgain);
tryAgain();
