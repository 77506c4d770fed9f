// What is answered so far, encrypted on this phone: a reload or a call in between loses nothing.

import * as vault from "./vault.js";

const LONGEST_MS = 24 * 3600 * 1000;
const id = (form) => `${form.dataset.owner} ${form.dataset.subject} ${form.dataset.task || form.dataset.edition}`;

export async function save(form, { key, spent, values, here, called }) {
  const sealed = await vault.seal({ key, spent, values, here, called });
  const row = { id: id(form), owner: form.dataset.owner, edition: form.dataset.edition };
  await vault.put("drafts", { ...row, at: Date.now(), ...sealed });
}

export async function load(form) {
  const row = await vault.get("drafts", id(form));
  if (!row || row.edition !== form.dataset.edition) return null;
  if (Math.abs(Date.now() - row.at) > LONGEST_MS) return null;
  return vault.unseal(row).catch(() => null);
}

export const forget = (form) => vault.remove("drafts", id(form));

export function restore(steps, values) {
  for (const step of steps) {
    const given = values[step.dataset.item];
    if (given === undefined) continue;
    for (const input of step.querySelectorAll("input, textarea")) {
      if (input.type === "radio" || input.type === "checkbox") {
        input.checked = [given].flat().includes(input.value);
      } else if (input.type === "file") {
        step.dataset.photo = given;
        const line = step.querySelector("[data-photo-said]");
        line.textContent = line.dataset.sent;
        line.hidden = false;
      } else {
        input.value = given;
      }
    }
  }
}
