// A questionnaire as those who manage it look at it: the screens of a phone, without what keeps and
// sends. None of that is even loaded.

import { end, start } from "./ask.js";

const nothing = async () => {};

async function photo(step, input) {
  const line = step.querySelector("[data-photo-said]");
  line.hidden = !input.files.length;
  line.textContent = line.dataset.sent;
  if (input.files.length) step.dataset.photo = "chosen";
  else delete step.dataset.photo;
}

const finish = async () => end("preview");

start({ now: async () => new Date(), photo, save: nothing, ahead: nothing, finish });
