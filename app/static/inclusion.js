// Keeps what is typed on the path of an inclusion when the page is left or hidden: the server has
// it, this browser keeps nothing.
const form = document.querySelector("#inclusion");
let changed = false;
let sent = false;

form.addEventListener("input", () => { changed = true; });
form.addEventListener("submit", () => { sent = true; });

function keep() {
  if (!changed || sent) return;
  const typed = new URLSearchParams(new FormData(form));
  typed.set("act", "keep");
  navigator.sendBeacon(form.action, typed);
  changed = false;
}

document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keep(); });
addEventListener("pagehide", keep);
