// Keeps the form of the bedside while there is no network: sealed with a key no script can take
// out of this browser, sent once with the key of the form, erased when the server has it.
const form = document.querySelector("#bedside");
const told = document.querySelector("#kept");
const PLACE = form.action;

const wanted = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

async function store(mode, act) {
  const opening = indexedDB.open("chevet-bedside", 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("keys");
    opening.result.createObjectStore("kept");
  };
  const base = await wanted(opening);
  try {
    return await act(base.transaction(["keys", "kept"], mode));
  } finally {
    base.close();
  }
}

async function sealingKey() {
  const known = await store("readonly", (t) => wanted(t.objectStore("keys").get("key")));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  await store("readwrite", (t) => wanted(t.objectStore("keys").put(made, "key")));
  return made;
}

async function keep(fields) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(fields));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await sealingKey(), plain);
  await store("readwrite", (t) => wanted(t.objectStore("kept").put({ nonce, sealed, at: Date.now() }, PLACE)));
}

const forget = () => store("readwrite", (t) => wanted(t.objectStore("kept").delete(PLACE)));

async function send(fields, waited) {
  const body = new URLSearchParams([...fields, ["_by", "script"], ["_waited", String(Math.max(0, Math.round(waited / 1000)))]]);
  const answer = await fetch(PLACE, { method: "POST", body, redirect: "error" });
  if (answer.status >= 500) throw new Error("the server did not take it");
  return answer;
}

function say(which) {
  told.textContent = told.dataset[which];
  told.hidden = false;
}

async function settle(answer) {
  if (answer.status === 401) return say("sign");
  if (answer.ok) {
    await forget();
    return location.assign((await answer.json()).page);
  }
  if (answer.status === 422) {
    await forget();
    return form.submit();
  }
  say("refused");
}

async function sendKept() {
  const one = await store("readonly", (t) => wanted(t.objectStore("kept").get(PLACE)));
  if (!one) return;
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: one.nonce }, await sealingKey(), one.sealed);
  try {
    const fields = JSON.parse(new TextDecoder().decode(plain));
    for (const [name, value] of fields) if (form.elements[name]) form.elements[name].value = value;
    await settle(await send(fields, Date.now() - one.at));
  } catch {
    say("kept");
  }
}

const tryAgain = () => navigator.locks.request("chevet-bedside", sendKept);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await keep([...new FormData(form)]);
  await tryAgain();
});
addEventListener("online", tryAgain);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) tryAgain();
});
tryAgain();
