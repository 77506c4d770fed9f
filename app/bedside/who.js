// On every page that knows who is there: visits kept for the bedside end with their owner's session.
import * as vault from "./vault.js";

const { person } = document.querySelector("script[data-person]").dataset;

// The pages of the phone have a sign-out of their own, after which the browser keeps nothing.
const leaving = document.getElementById("phone-state")
  ? []
  : document.querySelectorAll('form[action="/sign-out"]');

// A page of the bedside may make the store after this has looked for it.
let holds = document.querySelector("#bedside") !== null;

for (const form of leaving) {
  form.addEventListener("submit", async (event) => {
    if (!holds) return;
    event.preventDefault();
    await vault.leave().catch(() => {});
    form.submit();
  });
}
holds ||= await vault.exists().catch(() => false);
if (holds) await vault.meet(person).catch(() => {});
