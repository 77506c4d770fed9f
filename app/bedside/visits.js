// « My visits »: opens without a network, takes what is measured, says at once what is out of limits.
import { check, judge } from "./judging.js";
import { sendAll, whenBack } from "./sending.js";
import * as vault from "./vault.js";

const page = document.querySelector("#visits");
const words = JSON.parse(page.dataset.words);
const form = page.querySelector("form");
const button = form.querySelector("button");
const part = (name) => page.querySelector(`[data-part=${name}]`);
const copy = (name) => document.querySelector(`template#${name}`).content.cloneNode(true);
let owner = "";
let opened = null;

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

function hour(at) {
  const { lang } = document.documentElement;
  const said = new Date(at).toLocaleTimeString(lang, { hour: "numeric", minute: "2-digit" });
  return lang === "fr" ? said.replace(":", "\u00a0h\u00a0") : said;
}

function say(which, link = "") {
  const place = part("said");
  place.hidden = !which;
  if (!which) return;
  place.querySelector("[data-words]").textContent = words[which];
  const anchor = place.querySelector("a");
  anchor.hidden = !link;
  if (link) [anchor.href, anchor.textContent] = [link, words[`${which}_link`]];
}

// The server says who is there; without a network, whoever signed in last at this browser.
async function meet() {
  const answer = await fetch("/bedside/me", { redirect: "manual" }).catch(() => null);
  if (answer?.ok) await vault.meet((await answer.json()).owner);
  owner = await vault.person();
  const asked = answer && (answer.type === "opaqueredirect" || answer.status === 401);
  if (asked) say("sign", "/sign-in?next=/bedside");
}

async function list() {
  const found = await vault.visits(owner);
  const rows = found.map(({ visit, until }) => {
    const row = copy("one-visit");
    row.querySelector("strong").textContent = visit.who;
    row.querySelector("[data-until]").textContent = fill(words.until, { time: hour(until) });
    row.querySelector("button").addEventListener("click", () => open(visit));
    return row;
  });
  part("rows").replaceChildren(...rows);
  part("none").hidden = found.length > 0;
  part("erase").hidden = found.length === 0;
  part("list").hidden = false;
  part("visit").hidden = true;
}

function open(visit) {
  opened = visit;
  part("who").textContent = visit.who;
  part("told").replaceChildren();
  part("fields").replaceChildren(...visit.fields.map(field));
  form.elements.client_key.value = crypto.randomUUID();
  button.disabled = false;
  part("list").hidden = true;
  part("visit").hidden = false;
  part("who").focus();
}

function field(one) {
  const row = copy(one.kind === "text" ? "text-field" : "number-field");
  const input = row.querySelector("input, textarea");
  input.id = input.name = one.id;
  row.querySelector("label").prepend(one.words);
  row.querySelector("label").htmlFor = one.id;
  const unit = row.querySelector("[data-unit]");
  if (unit) {
    unit.textContent = one.unit;
    unit.id = `${one.id}-unit`;
  }
  const error = row.querySelector(".error");
  error.id = `${one.id}-error`;
  input.setAttribute("aria-describedby", unit ? `${unit.id} ${error.id}` : error.id);
  return row;
}

// Says beside each field what is wrong with it; true when nothing is.
function isGood(typed) {
  let first = null;
  for (const one of opened.fields) {
    const input = form.elements[one.id];
    const wrong = check(one, typed[one.id]);
    const error = document.getElementById(`${one.id}-error`);
    error.hidden = !wrong;
    error.textContent = wrong;
    if (wrong) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (wrong) first ??= input;
  }
  first?.focus();
  return !first;
}

function tell(typed) {
  const { level, lines } = judge(opened.fields, typed);
  const told = copy(`told-${level}`);
  const rows = lines.map(({ field: one, limit, level: met }) => {
    const row = copy("one-value");
    row.querySelector("[data-name]").textContent = one.words;
    row.querySelector("strong").textContent = `${typed[one.id]} ${one.unit}`;
    const said = row.querySelector("[data-limit]");
    said.textContent = limit ?? words[one.watched ? "within" : "unwatched"];
    said.className = met ? `level level-${met}` : "soft small";
    return row;
  });
  part("told").replaceChildren(told, copy("told-values"));
  part("told").querySelector("[data-rows]").replaceChildren(...rows);
  part("told").firstElementChild.focus();
}

async function store() {
  const typed = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim()]));
  const { client_key: key, ...values } = typed;
  const given = Object.entries(values).filter(([, value]) => value);
  if (!given.length) return say("empty");
  if (!isGood(values)) return say("");
  // A second touch of the button would say that nothing was stored.
  button.disabled = true;
  try {
    await vault.keep(owner, opened.action, key, [["client_key", key], ["_owner", owner], ...given]);
  } catch {
    tell(values);
    button.disabled = false;
    return say("unkept");
  }
  form.reset();
  form.elements.client_key.value = crypto.randomUUID();
  tell(values);
  await sendKept();
}

async function sendKept() {
  if (!owner) return;
  const came = await sendAll(owner);
  const refused = came.find((one) => one.said === "refused");
  const waits = came.find((one) => one.said);
  const sent = came.findLast((one) => one.page)?.page;
  if (refused) say("refused", refused.action);
  else if (waits?.said === "sign") say("sign", "/sign-in?next=/bedside");
  else if (waits) say("kept");
  else if (sent) say("sent", sent);
}

async function start() {
  await meet();
  if (part("visit").hidden) await list();
  await sendKept();
}

form.addEventListener("input", () => (button.disabled = false));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  store();
});
part("back").addEventListener("click", () => list());
part("erase").addEventListener("click", async () => {
  await vault.forgetVisits();
  await list();
});
whenBack(start);
await start();
page.dataset.ready = "yes";
navigator.serviceWorker
  ?.register("/bedside/sw.js", { scope: "/bedside", updateViaCache: "none" })
  .catch(() => {});
