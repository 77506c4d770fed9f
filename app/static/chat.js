// A room, live: what is said arrives by a socket, in its order; what is sent is kept until the
// server has answered for its key, so that nothing is lost or doubled when the network goes.
const log = document.querySelector("#chat");
const form = document.querySelector("#say");
const status = document.querySelector("#chat-status");
const seenBy = document.querySelector("#chat-seen");
const said = log.dataset;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const QUIET = 20_000;
const PATIENCE = 10_000;

let last = Number(said.last);
let looked = Math.max(last, 0);
let socket = null;
let wait = FIRST_WAIT;
let timer = 0;
let asked = 0;
let readTimer = 0;
let over = false;
const pending = new Map();
const bubbles = new Map();

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function part(tag, name, text) {
  const made = document.createElement(tag);
  made.className = name;
  made.textContent = text;
  return made;
}

function when(sent) {
  const shown = { dateStyle: "short", timeStyle: "short", timeZone: said.zone };
  return new Intl.DateTimeFormat(document.documentElement.lang, shown).format(new Date(sent));
}

function flags(message) {
  const head = part("p", "chat-head", "");
  const who = [message.role, message.organisation, when(message.sent)].filter(Boolean).join(" · ");
  head.append(part("strong", "", message.name), " ", part("span", "soft small", who));
  if (message.urgent) head.append(" ", part("span", "note-flag", said.urgent));
  if (message.mentions.includes(said.me)) head.append(" ", part("span", "note-flag", said.forMe));
  return head;
}

function show(message) {
  const known = document.querySelector(`#m-${message.seq}`);
  if (known && !message.withdrawn) return;
  const line = document.createElement("li");
  line.id = `m-${message.seq}`;
  line.className = "chat-message";
  if (message.author === said.me) line.classList.add("chat-mine");
  if (message.urgent) line.classList.add("chat-urgent");
  if (message.mentions.includes(said.me)) line.classList.add("chat-for-me");
  const words = message.withdrawn ? part("p", "soft chat-withdrawn", said.withdrawn) : part("p", "chat-text", message.text);
  line.append(flags(message), words);
  if (known) { known.replaceWith(line); return; }
  if (message.seq <= last) return;
  document.querySelector("#chat-empty")?.remove();
  const atEnd = innerHeight + scrollY >= document.body.scrollHeight - 400;
  log.insertBefore(line, log.querySelector(".chat-waiting"));
  last = message.seq;
  bubbles.get(message.seq)?.remove();
  bubbles.delete(message.seq);
  if (message.author !== said.me) seenBy.textContent = "";
  if (atEnd) line.scrollIntoView({ block: "nearest" });
  readSoon();
}

function readSoon() {
  clearTimeout(readTimer);
  readTimer = setTimeout(() => {
    if (document.visibilityState !== "visible") return;
    looked = Math.max(last, 0);
    tellRead();
  }, 2000);
}

function tellRead() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ read: looked }));
  asked = asked || Date.now();
}

function send(key) {
  if (socket?.readyState === WebSocket.OPEN && socket.caughtUp) {
    socket.send(JSON.stringify({ key, ...pending.get(key).sent }));
    asked = asked || Date.now();
  }
}

function stored(key, seq) {
  const waiting = pending.get(key);
  if (!waiting) return;
  pending.delete(key);
  if (seq <= last) waiting.bubble.remove();
  else bubbles.set(seq, waiting.bubble);
}

function refused(key) {
  const waiting = pending.get(key);
  if (!waiting) return;
  pending.delete(key);
  waiting.bubble.remove();
  form.elements.text.value = [waiting.sent.text, form.elements.text.value].filter(Boolean).join("\n");
  status.textContent = said.refused;
}

function hear(told) {
  asked = 0;
  if (told.message) show(told.message);
  if (told.stored) stored(told.stored, told.seq);
  if (told.refused) refused(told.refused);
  if (told.later) setTimeout(() => { if (pending.has(told.later)) send(told.later); }, 2000);
  if (told.receipts) {
    const names = told.receipts.filter((one) => one.through >= last && one.person !== said.me).map((one) => one.name);
    seenBy.textContent = names.length ? said.seen.replace("{names}", names.join(", ")) : "";
  }
  if ("ready" in told) {
    wait = FIRST_WAIT;
    socket.caughtUp = true;
    status.textContent = said.live;
    for (const key of pending.keys()) send(key);
    readSoon();
  }
}

function open() {
  clearTimeout(timer);
  if (over || socket) return;
  const here = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/chat/${said.room}/live`;
  const mine = new WebSocket(here);
  socket = mine;
  asked = Date.now();
  mine.onopen = () => mine.send(JSON.stringify({ after: last }));
  mine.onmessage = (event) => { if (socket === mine) hear(JSON.parse(event.data)); };
  mine.onclose = (event) => { if (socket === mine) lost(event.code); };
}

function lost(code) {
  const was = socket;
  socket = null;
  if (was) { was.onclose = null; was.close(); }
  if (code === 4401 || code === 4404) {
    over = true;
    const kept = [...pending.values()].map((one) => one.sent.text).concat(form.elements.text.value);
    document.querySelector("#kept").value = kept.filter(Boolean).join("\n");
    document.querySelector("#chat-kept").hidden = code !== 4401;
    pending.clear();
    log.replaceChildren();
    seenBy.textContent = "";
    form.hidden = true;
    status.textContent = said.over;
    return;
  }
  status.textContent = said.lost;
  timer = setTimeout(open, wait * (0.5 + Math.random()));
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

form.addEventListener("submit", (event) => {
  const text = form.elements.text.value.trim();
  if (over || last < 0 || !text) return;
  event.preventDefault();
  const key = newKey();
  const mentions = [...form.querySelectorAll("[name=mention]:checked")].map((one) => one.value);
  const sent = { text, urgent: form.elements.urgent.checked, mentions };
  const bubble = part("li", "chat-message chat-mine chat-waiting", "");
  bubble.append(part("p", "chat-text", text), part("p", "soft small", said.waiting));
  log.append(bubble);
  pending.set(key, { sent, bubble });
  form.reset();
  form.elements.text.value = "";
  send(key);
});

addEventListener("beforeunload", (event) => { if (pending.size) event.preventDefault(); });
addEventListener("offline", () => { if (socket) lost(0); });
addEventListener("online", () => { wait = FIRST_WAIT; open(); });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") { open(); readSoon(); }
});
setInterval(() => {
  if (asked && Date.now() - asked > PATIENCE && socket) lost(0);
}, 1000);
setInterval(tellRead, QUIET);

if (last >= 0 && said.room) open();
document.querySelector("#chat li:last-child")?.scrollIntoView({ block: "nearest" });
