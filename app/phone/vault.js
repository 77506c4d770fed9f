// What a phone keeps until it is sent: encrypted in IndexedDB with a key no script can read out.
// Each store holds {id, owner, iv, data, …}; what stands beside `data` says nothing of anybody.

const STORES = ["queue", "drafts", "facts", "keys"];
let opened = null;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("chevet", 1);
    request.onupgradeneeded = () => {
      for (const name of STORES) request.result.createObjectStore(name, { keyPath: "id" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => {
        request.result.close();
        opened = null;
      };
      resolve(request.result);
    };
    request.onerror = () => {
      opened = null;
      reject(request.error);
    };
  });
  return opened;
}

async function run(store, mode, act) {
  const db = await open();
  return new Promise((resolve, reject) => {
    const work = db.transaction(store, mode, { durability: "strict" });
    const asked = act(work.objectStore(store));
    work.oncomplete = () => resolve(asked?.result);
    work.onabort = work.onerror = () => reject(work.error);
  });
}

export const get = (store, id) => run(store, "readonly", (in_) => in_.get(id));
export const all = (store) => run(store, "readonly", (in_) => in_.getAll());
export const put = (store, row) => run(store, "readwrite", (in_) => in_.put(row));
export const remove = (store, id) => run(store, "readwrite", (in_) => in_.delete(id));

async function key() {
  const kept = await get("keys", "queue");
  if (kept) return kept.key;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, [
    "encrypt",
    "decrypt",
  ]);
  // Two tabs may both have made one: the first that is stored is the key of both.
  try {
    await run("keys", "readwrite", (in_) => in_.add({ id: "queue", key: made }));
    return made;
  } catch {
    return (await get("keys", "queue")).key;
  }
}

export async function seal(value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  const data = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), bytes);
  return { iv, data };
}

export async function unseal(row) {
  const bytes = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await key(), row.data);
  return JSON.parse(new TextDecoder().decode(bytes));
}

// At sign-out: everything, the key first, so that what is left of a failed erasing cannot be read.
export async function erase() {
  await remove("keys", "queue");
  for (const name of STORES) await run(name, "readwrite", (in_) => in_.clear());
}
