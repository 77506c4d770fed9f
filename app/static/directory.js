// Shows who is found while somebody types; without it the Search button does the same.
const form = document.querySelector("#directory-search");
const list = document.querySelector("#directory-found");
const count = document.querySelector("#directory-count");
const offline = document.querySelector("#directory-offline");
const WAIT_MS = 250;
let timer = 0;
let asking = null;

async function look() {
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const typed = new URLSearchParams(new FormData(form));
  typed.set("part", "list");
  list.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(form.action, { method: "POST", body: typed, signal: mine.signal });
    if (answer.redirected) {
      // The session is over: the page itself asks who is there, not the list.
      location.assign(form.action);
      return;
    }
    if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
    const text = await answer.text();
    if (asking !== mine) return;
    list.innerHTML = text;
    // How many were found is read aloud, not each of them at every key.
    count.textContent = list.querySelector("#found").textContent;
    offline.hidden = true;
  } catch (error) {
    if (error.name === "AbortError") return;
    offline.hidden = false;
  }
  if (asking === mine) list.removeAttribute("aria-busy");
}

form.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, WAIT_MS);
});
