// Keeps the form of the bedside while there is no network: sealed with a key no script can take
// out of this browser, sent once with the key of the form, erased when the server has it. What one
// person measured is sent by nobody else who signs in on the same telephone.
const form = document.querySelector("#bedside");
const told = document.querySelector("#kept");
const MINE = `${form.dataset.owner} ${form.action} `;

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

async function keep(fields, key) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(fields));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await sealingKey(), plain);
  await store("readwrite", (t) => wanted(t.objectStore("kept").put({ nonce, sealed, at: Date.now() }, MINE + key)));
}

// Measured at a time nobody can trust any more: the server would not take it either.
const LONGEST_MS = 7 * 24 * 3600 * 1000;

async function kept() {
  await store("readwrite", async (t) => {
    const rows = t.objectStore("kept");
    for (const name of await wanted(rows.getAllKeys())) {
      const { at } = await wanted(rows.get(name));
      if (Date.now() - at > LONGEST_MS) rows.delete(name);
    }
  });
  const names = await store("readonly", (t) => wanted(t.objectStore("kept").getAllKeys()));
  return names.filter((name) => name.startsWith(MINE));
}

const forget = (name) => store("readwrite", (t) => wanted(t.objectStore("kept").delete(name)));

async function unsealed(name) {
  const one = await store("readonly", (t) => wanted(t.objectStore("kept").get(name)));
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: one.nonce }, await sealingKey(), one.sealed);
  return { fields: JSON.parse(new TextDecoder().decode(plain)), at: one.at };
}

async function send({ fields, at }) {
  const waited = String(Math.max(0, Math.round((Date.now() - at) / 1000)));
  const body = new URLSearchParams([...fields, ["_by", "script"], ["_waited", waited]]);
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
  if (answer.status >= 500) throw new Error("the server did not take it");
  return answer;
}

function say(which) {
  told.textContent = told.dataset[which];
  told.hidden = false;
}

function correct(fields) {
  for (const [name, value] of fields) if (form.elements[name]) form.elements[name].value = value;
  form.submit();
}

// What came of one kept form: the page that tells of it, or which words say why it still waits.
async function settle(name) {
  const one = await unsealed(name);
  const answer = await send(one).catch(() => null);
  if (!answer) return { said: "kept" };
  if (answer.type === "opaqueredirect" || [401, 409].includes(answer.status)) return { said: "sign" };
  if (!answer.ok && answer.status !== 422) return { said: "refused" };
  await forget(name);
  if (answer.status === 422) return { wrong: one.fields };
  return { page: (await answer.json()).page };
}

async function sendKept() {
  let page = null;
  for (const name of await kept()) {
    const came = await settle(name);
    if (came.wrong) return correct(came.wrong);
    if (came.said) return say(came.said);
    page = came.page;
  }
  if (page) location.assign(page);
}

const tryAgain = () => navigator.locks.request("chevet-bedside", sendKept);
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const key = form.elements.client_key;
  await keep([...new FormData(form)], key.value);
  key.value = crypto.randomUUID();
  await tryAgain();
});
form.dataset.ready = "yes";
addEventListener("online", tryAgain);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) tryAgain();
});
tryAgain();
