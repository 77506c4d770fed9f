// An answer with which to call for help at once: the whole screen says so, network or not.

function isClosed(form, now) {
  const { spans, zone, closed } = JSON.parse(form.dataset.opening);
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(now);
  const part = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  const day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].indexOf(part.weekday);
  const minute = Number(part.hour) * 60 + Number(part.minute);
  if (closed.includes(`${part.year}-${part.month}-${part.day}`)) return true;
  return !spans.some(
    ([first, last, start, end]) => first <= day && day <= last && start <= minute && minute < end,
  );
}

// `which`: 15, 3114, or `closed`: only while nobody reads answers. Returns what was said of calling.
export async function tellToCall(which, form, { called, now }) {
  const closed = isClosed(form, await now());
  if (which === "closed" && !closed) return called;
  const dialog = document.getElementById(which === "3114" ? "call-3114" : "call-15");
  for (const part of dialog.querySelectorAll("[data-closed]")) {
    part.hidden = (part.dataset.closed === "yes") !== closed;
  }
  dialog.returnValue = "";
  if (!dialog.open) dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener(
      "close",
      () => resolve(dialog.returnValue ? dialog.returnValue === "yes" : null),
      { once: true },
    );
  });
}
