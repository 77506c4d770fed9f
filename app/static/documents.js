// Sends a form with a file and shows how far it is; a file that is too large is not sent at all.
// Without this script the form goes by itself.

const LONGEST_MS = 300_000;

for (const form of document.querySelectorAll("form[data-sends-file]")) {
  const line = form.querySelector(".document-progress");
  const bar = line.querySelector("progress");
  const said = line.querySelector("[role=status]");
  const say = (text) => { line.hidden = false; said.textContent = text; };
  const tooLarge = (input) => input.files[0] && input.files[0].size > Number(line.dataset.most);

  form.addEventListener("change", (event) => {
    if (event.target.type !== "file" || !event.target.files.length) return;
    // The file or the photograph, never both: what was chosen last is meant.
    for (const other of form.querySelectorAll("input[type=file]")) if (other !== event.target) other.value = "";
    if (tooLarge(event.target)) { say(line.dataset.tooLarge); event.target.value = ""; }
    else line.hidden = true;
  });

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button:not([type=button])");
    const request = new XMLHttpRequest();
    button.disabled = true;
    say("");
    request.upload.addEventListener("progress", (sent) => {
      if (!sent.lengthComputable) return;
      bar.value = Math.round((100 * sent.loaded) / sent.total);
      said.textContent = `${bar.value} %`;
    });
    request.addEventListener("load", () => {
      if (request.status < 400) { location.assign(request.responseURL); return; }
      const answered = new DOMParser().parseFromString(request.responseText, "text/html").querySelector("main");
      if (!answered) { fail(); return; }
      document.querySelector("main").replaceWith(answered);
      const script = document.createElement("script");
      script.type = "module";
      script.src = `/static/documents.js?${Date.now()}`;
      document.head.append(script);
      answered.querySelector("[role=alert]")?.scrollIntoView();
    });
    const fail = () => { say(line.dataset.failed); button.disabled = false; };
    request.addEventListener("error", fail);
    request.addEventListener("timeout", fail);
    request.open("POST", form.action);
    request.timeout = LONGEST_MS;
    request.send(new FormData(form));
  });
}
