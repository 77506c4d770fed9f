// A questionnaire, one question a screen. The page is a whole form already: without this script it
// is filled in as it stands. What becomes of the answers is the keeper's: form.js sends them,
// preview.js forgets them.

import { isAsked, problem, value } from "./items.js";
import { tellToCall } from "./urgent.js";

export const form = document.querySelector("form.ask");
const words = JSON.parse(form.dataset.words);
export const steps = [...form.querySelectorAll("[data-step]")];
const summary = document.getElementById("summary");
const send = form.querySelector("[data-send]");
const back = form.querySelector("[data-back]");
const next = form.querySelector("[data-next]");
const bar = form.querySelector("progress");
const count = form.querySelector("[data-count]");

let keeper = null;
let begin = null;
const begun = new Promise((resolve) => (begin = resolve));
let here = 0;
let called = null;
let telling = Promise.resolve();
let photo = Promise.resolve();

const answers = () =>
  Object.fromEntries(
    steps
      .filter((step) => step.dataset.item && isAsked(step, valueOf))
      .map((step) => [step.dataset.item, value(step)])
      .filter(([, given]) => given !== "" && given.length !== 0),
  );

function valueOf(item) {
  const step = steps.find((one) => one.dataset.item === item);
  return step && isAsked(step, valueOf) ? value(step) : "";
}

const asked = () => steps.filter((step) => isAsked(step, valueOf));

function show(at, { focus = true } = {}) {
  const path = asked();
  here = Math.max(0, Math.min(at, path.length));
  const last = here === path.length;
  for (const step of steps) step.hidden = step !== path[here];
  for (const part of form.querySelectorAll("[data-when]:not([data-step])")) {
    part.hidden = !isAsked(part, valueOf);
  }
  summary.hidden = !last;
  send.hidden = !last;
  next.hidden = last;
  back.hidden = here === 0;
  form.querySelector("[data-first]").hidden = here !== 0;
  bar.max = path.length;
  bar.value = here;
  count.textContent = last
    ? words.check
    : words.count.replace("{number}", here + 1).replace("{total}", path.length);
  if (last) sumUp(path);
  const shown = last ? summary : path[here];
  if (focus) {
    const typed = shown.querySelector("input[type=text], textarea");
    (typed ?? shown.querySelector("legend, h2") ?? shown).focus({ preventScroll: true });
    scrollTo(0, 0);
  }
}

function sumUp(path) {
  const list = summary.querySelector("dl");
  list.replaceChildren();
  for (const [at, step] of path.entries()) {
    if (!step.dataset.item) continue;
    const row = document.createElement("div");
    row.className = "row spread";
    const name = document.createElement("dt");
    name.textContent = step.querySelector("[data-text]").textContent.trim();
    const given = document.createElement("dd");
    given.className = "answer";
    given.textContent = said(step) || words.none;
    const change = document.createElement("button");
    change.type = "button";
    change.className = "quiet";
    change.textContent = words.change;
    change.setAttribute("aria-label", `${words.change} – ${name.textContent}`);
    change.onclick = () => move(at);
    const end = document.createElement("dd");
    end.append(change);
    row.append(name, given, end);
    list.append(row);
  }
}

function said(step) {
  const ticked = [...step.querySelectorAll("input:checked")];
  if (ticked.length) {
    return ticked.map((one) => one.closest("label").textContent.trim()).join(", ");
  }
  const given = value(step);
  if (given === "" || given.length === 0) return "";
  if (step.dataset.kind === "photo") return words.photo;
  const unit = step.querySelector("[data-unit]")?.textContent ?? "";
  return `${step.dataset.kind === "date" ? given.split("-").reverse().join("/") : given} ${unit}`;
}

function move(at) {
  history.pushState({ at }, "");
  show(at);
  keeper.save(state()).catch(() => {});
}

function complain(step, kind) {
  const place = step.querySelector("[data-error]");
  const input = step.querySelector("input, textarea");
  place.hidden = !kind;
  place.textContent = kind ? (step.dataset[`say${kind}`] ?? words[kind]) : "";
  for (const one of step.querySelectorAll("input, textarea")) {
    one.toggleAttribute("aria-invalid", Boolean(kind));
    if (kind) one.setAttribute("aria-invalid", "true");
  }
  if (kind) input.focus();
}

function forward() {
  const step = asked()[here];
  const kind = step?.dataset.item ? problem(step) : null;
  if (step?.dataset.item) complain(step, kind);
  if (!kind) move(here + 1);
}

const state = () => ({ answers: answers(), here, called });

async function changed(event) {
  await begun;
  if (event.target.type === "file") {
    await (photo = keeper.photo(event.target.closest("[data-step]"), event.target));
  }
  await keeper.save(state()).catch(() => {});
  const { call } = event.target.dataset;
  if (!call || !event.target.checked) return;
  const told = tellToCall(call, form, { called, now: keeper.now });
  await keeper.ahead(state());
  called = (await told) ?? called;
  await keeper.save(state());
}

async function finish() {
  send.disabled = true;
  // A photograph that is still on its way would not be named by the answer.
  await photo;
  await keeper.finish(state());
}

// Back from the end to a question with which something is wrong.
export function correct(wrong) {
  document.getElementById("done").hidden = true;
  document.querySelector("h1[data-title]").hidden = false;
  form.hidden = false;
  send.disabled = false;
  const step = steps.find((one) => one.dataset.item === wrong?.link_id);
  show(step ? Math.max(0, asked().indexOf(step)) : 0);
  if (step) complain(step, wrong.kind);
}

export function end(how) {
  const done = document.getElementById("done");
  form.hidden = true;
  done.hidden = false;
  for (const part of done.querySelectorAll("[data-how]")) part.hidden = part.dataset.how !== how;
  done.querySelector(`[data-how="${how}"] h1`).focus();
  document.querySelector("h1[data-title]").hidden = true;
}

// `kept`: where somebody was, and what he had said of calling; his answers stand in the form.
export function start(keeps, kept = null) {
  keeper = keeps;
  called = kept?.called ?? null;
  for (const part of form.querySelectorAll("[data-script]")) part.hidden = false;
  form.classList.add("one");
  const at = kept?.here ?? 0;
  history.replaceState({ at }, "");
  show(at, { focus: Boolean(kept) });
  begin();
  form.dataset.ready = "yes";
}

form.addEventListener("change", (event) => (telling = changed(event)));
form.addEventListener("input", (event) => event.target.matches("textarea, [type=text]") && keeper?.save(state()));
form.addEventListener("click", (event) => {
  // A finger on an answer goes on; arrow keys choose without leaving the question.
  if (!keeper || !event.target.matches("input[type=radio]") || event.detail === 0) return;
  setTimeout(() => telling.catch(() => {}).then(forward), 180);
});
form.addEventListener("submit", (event) => {
  if (!keeper) return;
  event.preventDefault();
  if (send.hidden) forward();
  else finish();
});
next.addEventListener("click", forward);
back.addEventListener("click", () => history.back());
addEventListener("popstate", (event) => show(event.state?.at ?? 0));
