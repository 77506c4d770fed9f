// A photograph goes to the server by itself, where it is drawn anew; the answer names it.

export async function sendPhoto(step, input) {
  const line = step.querySelector("[data-photo-said]");
  const say = (text) => {
    line.textContent = text;
    line.hidden = false;
  };
  const [file] = input.files;
  if (!file) return;
  say(line.dataset.sending);
  const body = new FormData();
  body.append("photo", file);
  try {
    const answer = await fetch(line.dataset.photoSaid, {
      method: "POST",
      headers: { accept: "application/json" },
      body,
      redirect: "error",
    });
    const said = await answer.json().catch(() => ({}));
    if (!answer.ok) return say(said.say ?? line.dataset.failed);
    step.dataset.photo = said.id;
    say(line.dataset.sent);
  } catch {
    say(line.dataset.failed);
  }
}
