// A photograph goes to the server by itself, where it is drawn anew; the answer names it.

const LONGEST_MS = 60_000;

export async function sendPhoto(step, input) {
  const line = step.querySelector("[data-photo-said]");
  const say = (text) => {
    line.textContent = text;
    line.hidden = false;
  };
  // What is chosen takes the place of what was: the answer never names the one before it.
  delete step.dataset.photo;
  const [file] = input.files;
  if (!file) {
    line.hidden = true;
    return;
  }
  say(line.dataset.sending);
  const body = new FormData();
  body.append("photo", file);
  try {
    const answer = await fetch(line.dataset.photoSaid, {
      method: "POST",
      headers: { accept: "application/json" },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(LONGEST_MS),
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) return say(said.say ?? line.dataset.failed);
    step.dataset.photo = said.id;
    say(line.dataset.sent);
  } catch {
    say(navigator.onLine ? line.dataset.failed : line.dataset.offline);
  }
}
