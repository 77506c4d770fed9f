// Sends what was measured at a bedside: once, under its owner's name, erased when the server has it.
import * as vault from "./vault.js";

async function send(action, { fields, at }) {
  const waited = String(Math.max(0, Math.round((Date.now() - at) / 1000)));
  const body = new URLSearchParams([...fields, ["_by", "script"], ["_waited", waited]]);
  const answer = await fetch(action, { method: "POST", body, redirect: "manual" });
  if (answer.status >= 500) throw new Error("the server did not take it");
  return answer;
}

// What came of one kept form: the page that tells of it, or which words say why it still waits.
async function settle(name) {
  const [, action] = name.split(" ");
  const one = await vault.unsealed(name);
  if (!one) return {};
  const answer = await send(action, one).catch(() => null);
  if (!answer) return { said: "kept" };
  if (answer.type === "opaqueredirect" || [401, 409].includes(answer.status)) return { said: "sign" };
  if (answer.status === 422) return { said: "refused", action, wrong: one.fields, name };
  if (!answer.ok) return { said: "refused", action };
  const { page } = await answer.json();
  await vault.forget(name);
  return { page };
}

// What came of each, one after the other; no two tabs at a time.
export const sendAll = (owner, action = "") => navigator.locks.request("chevet-bedside", async () => {
  const came = [];
  for (const name of await vault.kept(owner, action)) {
    const one = await settle(name);
    came.push(one);
    if (one.said === "kept" || one.said === "sign") break;
  }
  return came;
});

export function whenBack(act) {
  addEventListener("online", act);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) act();
  });
}
