// What a professional's browser keeps for the bedside, sealed with a key no script can take out:
// measures until the server has them, and visits for some hours. Beside the sealed bytes stand an
// owner who says nothing of anybody, and times.

const VISIT_MS = 12 * 3600 * 1000; // A day's round (proposed).
const MOST_VISITS = 20; // As many as one day may hold (proposed).
// Measured at a time nobody can trust any more: the server would not take it either.
const LONGEST_MS = 7 * 24 * 3600 * 1000;
const NAME = "chevet-bedside";
const STORES = ["keys", "kept", "visits"];

const wanted = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});

async function store(mode, act) {
  const opening = indexedDB.open(NAME, 2);
  opening.onupgradeneeded = () => {
    for (const name of STORES) {
      if (!opening.result.objectStoreNames.contains(name)) opening.result.createObjectStore(name);
    }
  };
  const base = await wanted(opening);
  try {
    const work = base.transaction(STORES, mode, { durability: "strict" });
    const over = new Promise((done, failed) => {
      work.oncomplete = done;
      work.onabort = () => failed(work.error);
    });
    const found = await act((name) => work.objectStore(name));
    await over;
    return found;
  } finally {
    base.close();
  }
}

// Who never kept anything here gets no store for having looked.
export async function exists() {
  if (!indexedDB.databases) return true;
  return (await indexedDB.databases()).some(({ name }) => name === NAME);
}

async function sealingKey() {
  const known = await store("readonly", (of) => wanted(of("keys").get("key")));
  if (known) return known;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  // Two tabs may both have made one: the first that is stored is the key of both.
  return store("readwrite", async (of) => {
    const first = await wanted(of("keys").get("key"));
    if (!first) of("keys").put(made, "key");
    return first ?? made;
  });
}

async function seal(value) {
  const nonce = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { nonce, sealed: await crypto.subtle.encrypt({ name: "AES-GCM", iv: nonce }, await sealingKey(), plain) };
}

async function unseal({ nonce, sealed }) {
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: nonce }, await sealingKey(), sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}

// A measure is named by its owner, where it goes and the key of its form.
export async function keep(owner, action, key, fields) {
  const row = { ...(await seal(fields)), at: Date.now() };
  await store("readwrite", (of) => wanted(of("kept").put(row, `${owner} ${action} ${key}`)));
}

export async function kept(owner, action = "") {
  const names = await store("readwrite", async (of) => {
    for (const name of await wanted(of("kept").getAllKeys())) {
      const { at } = await wanted(of("kept").get(name));
      if (Date.now() - at > LONGEST_MS) of("kept").delete(name);
    }
    return wanted(of("kept").getAllKeys());
  });
  return names.filter((name) => name.startsWith(action ? `${owner} ${action} ` : `${owner} `));
}

export const forget = (name) => store("readwrite", (of) => wanted(of("kept").delete(name)));

// Null when another tab has sent it meanwhile.
export async function unsealed(name) {
  const row = await store("readonly", (of) => wanted(of("kept").get(name)));
  return row ? { fields: await unseal(row), at: row.at } : null;
}

// Who signed in last at this browser; empty for nobody.
export const person = () => store("readonly", async (of) => (await wanted(of("keys").get("person"))) ?? "");

// Visits of another end when somebody signs in; nobody's page hides them until their owner is back.
export const meet = (owner) => store("readwrite", async (of) => {
  of("keys").put(owner, "person");
  for (const id of await wanted(of("visits").getAllKeys())) {
    const row = await wanted(of("visits").get(id));
    if (isOver(row) || (owner && row.owner !== owner)) of("visits").delete(id);
  }
});

// A clock that was set back keeps nothing for longer.
const isOver = ({ until }) => Date.now() > until || until - Date.now() > VISIT_MS;

export async function visits(owner) {
  if (!owner || (await person()) !== owner) return [];
  await meet(owner);
  const rows = await store("readonly", async (of) => {
    const ids = await wanted(of("visits").getAllKeys());
    return Promise.all(ids.map(async (id) => ({ id, ...(await wanted(of("visits").get(id))) })));
  });
  const mine = rows.filter((row) => row.owner === owner);
  return Promise.all(mine.map(async ({ id, until, ...row }) => ({ id, until, visit: await unseal(row) })));
}

// Two visits that read the same would be taken for each other at a bedside.
export async function keepVisit(owner, visit) {
  await meet(owner);
  const others = await visits(owner);
  const same = others.find((one) => one.visit.action === visit.action);
  if (!same && others.length >= MOST_VISITS) return "full";
  if (others.some((one) => one !== same && one.visit.who === visit.who)) return "alike";
  const row = { ...(await seal(visit)), owner, until: Date.now() + VISIT_MS };
  await store("readwrite", (of) => wanted(of("visits").put(row, same?.id ?? crypto.randomUUID())));
  return "kept";
}

export const forgetVisits = () => store("readwrite", (of) => wanted(of("visits").clear()));

export const leave = () => store("readwrite", async (of) => {
  of("visits").clear();
  of("keys").put("", "person");
});
