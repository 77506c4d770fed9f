// How long ago something happened. The wall clock of a phone is never believed as a time: what is
// sent are distances, and the server decides (questionnaires/answer_time.py).

import * as vault from "./vault.js";

const page = crypto.randomUUID();
let last = null;

// The server's clock less the phone's, learnt from each answer of the server.
export async function contact(response) {
  const said = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(said)) return;
  last = { id: "contact", drift: said - Date.now(), wall: Date.now() };
  await vault.put("facts", last);
}

// Unknown without a contact, and when the clock stands before the last one: it was set back.
export async function known() {
  last ??= (await vault.get("facts", "contact")) ?? null;
  return last !== null && Date.now() >= last.wall - 1000 ? last.drift : null;
}

// The server's time as well as this phone can tell, for what is shown while there is no network.
export const now = async () => new Date(Date.now() + ((await known()) ?? 0));

export async function mark() {
  return { page, wall: Date.now(), monotonic: performance.now(), drift: await known() };
}

export function since(mark) {
  return {
    wall_ms: Math.round(Date.now() - mark.wall),
    monotonic_ms: mark.page === page ? Math.round(performance.now() - mark.monotonic) : null,
    drift_then_ms: mark.drift,
    sent_wall_ms: Date.now(),
  };
}
