// Answers on their way: kept encrypted until the server has said that it holds them, sent once.
// An answer has one key for its whole life, so that sending it again stores nothing twice; one tab
// at a time sends, so that it is not even sent twice.

import * as times from "./times.js";
import * as vault from "./vault.js";

const FIRST_WAIT_MS = 2000;
const LONGEST_WAIT_MS = 5 * 60 * 1000;
const news = new BroadcastChannel("chevet-queue");
const told = new EventTarget();
let timer = 0;

news.onmessage = ({ data }) => told.dispatchEvent(new CustomEvent("change", { detail: data }));
export const onChange = (act) => told.addEventListener("change", ({ detail }) => act(detail));
// Every tab hears of it; `sent` is the key of an answer that the server holds now, `late` that what
// was asked is over and it is kept all the same.
function changed(sent = null, late = false) {
  told.dispatchEvent(new CustomEvent("change", { detail: { sent, late } }));
  news.postMessage({ sent, late });
}

// `part`: a grave answer that goes ahead of the rest has a row of its own, under the same key.
export async function keep(owner, path, body, part = "") {
  const sealed = await vault.seal({ path, body });
  const mark = await times.mark();
  await vault.put("queue", { id: body.key + part, owner, mark, tries: 0, state: "waiting", ...sealed });
  changed();
}

// States: waiting, refused (the server named what is wrong), sign_in (it asks who this is).
export async function waiting(owner) {
  const rows = (await vault.all("queue")).filter((row) => row.owner === owner);
  return rows.sort((one, other) => one.mark.wall - other.mark.wall);
}

export const read = (row) => vault.unseal(row);

export async function drop(id) {
  await vault.remove("queue", id);
  changed();
}

export async function send(owner) {
  if (!owner) return [];
  const alone = navigator.locks
    ? (act) => navigator.locks.request("chevet-send", act)
    : (act) => act();
  return alone(() => sendAll(owner));
}

async function sendAll(owner) {
  const outcomes = [];
  for (const row of await waiting(owner)) {
    if (row.state === "refused") continue;
    const outcome = await sendOne(row);
    outcomes.push(outcome);
    // Without network nothing gets through; what the server has no place for keeps nothing waiting.
    if (outcome.state === "sign_in" || outcome.state === "waiting") break;
  }
  return outcomes;
}

async function sendOne(row) {
  const kept = await vault.unseal(row).catch(() => null);
  if (!kept) {
    await vault.remove("queue", row.id);
    changed();
    return { id: row.id, state: "lost" };
  }
  const { path, body } = kept;
  let answer = null;
  try {
    answer = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ ...body, owner: row.owner, times: times.since(row.mark) }),
      redirect: "error",
    });
    await times.contact(answer);
  } catch {
    return again(row);
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok && said.key === body.key) {
    await vault.remove("queue", row.id);
    changed(row.id, Boolean(said.late));
    return { id: row.id, state: "sent", said };
  }
  if (answer.status === 401) return note(row, "sign_in", said);
  if (answer.status === 422 || answer.status === 400) return note(row, "refused", said);
  if (answer.status === 409) return { id: row.id, state: "other", said };
  const later = await again(row);
  return [429, 503].includes(answer.status) ? later : { ...later, state: "not_taken" };
}

async function note(row, state, said) {
  await vault.put("queue", { ...row, state });
  changed();
  return { id: row.id, state, said };
}

async function again(row) {
  const tries = row.tries + 1;
  await vault.put("queue", { ...row, tries, state: "waiting" });
  changed();
  const wait = Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
  clearTimeout(timer);
  timer = setTimeout(() => send(row.owner), wait * (0.75 + Math.random() / 2));
  return { id: row.id, state: "waiting" };
}
