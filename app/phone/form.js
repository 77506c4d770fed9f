// The questions of a patient: kept on his phone while he answers, sent when he says so. Nothing
// leaves but through the queue.

import { correct, end, form, start, steps } from "./ask.js";
import * as draft from "./draft.js";
import { sendPhoto } from "./photo.js";
import * as queue from "./queue.js";
import * as times from "./times.js";

const URGENT = ":urgent";
const { owner } = form.dataset;
let work = null;

const spent = () => work.spent + performance.now() - work.began;
const shape = ({ answers, called }) => ({
  key: work.key,
  edition: form.dataset.edition,
  task: form.dataset.task || null,
  seconds: Math.round(spent() / 1000),
  called,
  answers,
});

const save = ({ answers, here, called }) =>
  draft.save(form, { key: work.key, spent: spent(), values: answers, here, called });

// What is grave does not wait for the other questions: the team can read it already.
async function ahead(state) {
  const part = { ...shape(state), partial: true, called: null };
  await queue.keep(owner, form.dataset.send, part, URGENT);
  queue.send(owner).catch(() => {});
}

async function finish(state) {
  await queue.keep(owner, form.dataset.send, shape(state));
  await queue.drop(work.key + URGENT);
  await draft.forget(form);
  end("kept");
  const outcomes = await queue.send(owner).catch(() => []);
  const mine = outcomes.find((one) => one.id === work.key);
  if (mine?.state === "sign_in") end("sign_in");
  if (mine?.state !== "refused") return;
  // The server is the last to judge: what it does not take is shown at its question.
  await queue.drop(work.key);
  correct(mine.said.problems?.[0]);
  await save(state);
}

queue.onChange((detail) => {
  if (work && detail?.sent === work.key) {
    draft.forget(form);
    end(detail.late ? "late" : "sent");
  }
});

const kept = await draft.load(form);
work = { key: kept?.key ?? crypto.randomUUID(), spent: kept?.spent ?? 0, began: performance.now() };
if (kept) draft.restore(steps, kept.values);
start({ now: times.now, photo: sendPhoto, save, ahead, finish }, kept);
