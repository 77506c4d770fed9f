// Renews the list of runs while one is in progress. The form beside it is never touched, and what
// had the focus in the list has it again.
const list = document.querySelector("#runs");
const EVERY_MS = 5000;

function running() {
  return list.querySelector("[data-running=yes]") !== null;
}

async function renew() {
  if (document.visibilityState === "hidden") return;
  const answer = await fetch(list.dataset.from, { headers: { accept: "text/html" } });
  // Signed out meanwhile, or a server that is away: what stands here stays, and the next time tells.
  if (!answer.ok || answer.redirected) return;
  const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
  list.innerHTML = await answer.text();
  if (focused) document.getElementById(focused)?.focus();
}

setInterval(() => { if (running()) renew().catch(() => {}); }, EVERY_MS);
