// Switches notifications on for this browser. Without this script, or in a browser without them,
// the page says what comes instead.

const place = document.querySelector("[data-notifications]");
const words = JSON.parse(place.dataset.words);
const said = place.querySelector("[role=status]");
const on = place.querySelector("button");

function bytesOf(text) {
  const padded = text + "=".repeat((4 - (text.length % 4)) % 4);
  const raw = atob(padded.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
}

const textOf = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

function tell(word) {
  said.textContent = words[word];
}

async function switchOn() {
  on.disabled = true;
  try {
    if ((await Notification.requestPermission()) !== "granted") {
      tell("refused");
      return;
    }
    await navigator.serviceWorker.register("/p/sw.js", { scope: "/p" });
    const registration = await navigator.serviceWorker.getRegistration("/p");
    await active(registration);
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytesOf(place.dataset.key),
    });
    const answer = await fetch("/p/notifications", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        endpoint: subscription.endpoint,
        p256dh: textOf(subscription.getKey("p256dh")),
        auth: textOf(subscription.getKey("auth")),
      }),
      redirect: "error",
    });
    if (!answer.ok) {
      await subscription.unsubscribe();
      throw new Error(String(answer.status));
    }
    location.replace("/p/notifications?said=on");
  } catch {
    tell("failed");
  } finally {
    on.disabled = false;
  }
}

function active(registration) {
  if (registration.active) return Promise.resolve();
  return new Promise((resolve) => {
    const worker = registration.installing ?? registration.waiting;
    worker.addEventListener("statechange", () => worker.state === "activated" && resolve());
  });
}

async function begin() {
  if (!("PushManager" in window) || !("serviceWorker" in navigator)) {
    // Safari on a telephone gives notifications to installed pages alone.
    tell("standalone" in navigator && !navigator.standalone ? "install" : "none");
    return;
  }
  if (Notification.permission === "denied") {
    tell("refused");
    return;
  }
  const registration = await navigator.serviceWorker.getRegistration("/p");
  const known = await registration?.pushManager.getSubscription();
  const here = known && Notification.permission === "granted" && place.dataset.some === "yes";
  tell(here ? "here" : "off");
  on.hidden = Boolean(here);
  on.addEventListener("click", switchOn);
}

begin();
