/* What must work in the browser by itself: the watch over the page's freshness, the way back to
   the sign-in page, the keyboard, the tab's title, the optional sound. Plain script, so that it
   goes on when the rest of the page does not. */
(() => {
  "use strict";
  const STALE_AFTER = 25000; // promised on the page: older than this is not to be trusted
  const ASK_AFTER = 12000; // a tick is due every 10 s; later than this the page asks by itself
  const now = () => performance.now();
  const state = { read: now(), tick: now(), asked: now(), shown: null, red: null };
  const byId = (id) => document.getElementById(id);
  const words = () => byId("shell")?.dataset ?? {};

  const banner = document.createElement("div");
  banner.id = "stale";
  banner.setAttribute("role", "alert");
  banner.hidden = true;

  function sayStale(stale) {
    if (stale === !banner.hidden) return;
    banner.hidden = !stale;
    document.documentElement.classList.toggle("is-stale", stale);
    banner.textContent = "";
    if (!stale) return;
    const text = document.createElement("strong");
    const said = words().stale ?? "Affichage figé depuis {time} : rechargez";
    text.textContent = said.replace("{time}", state.shown ?? "…");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words().reload ?? "Recharger";
    button.addEventListener("click", () => location.reload());
    banner.append(text, button);
  }

  // Where one is, for eyes and for screen readers: Dash's links do not know.
  function markHere() {
    for (const link of document.querySelectorAll(".bar nav a")) {
      if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function watch() {
    markHere();
    const age = now() - state.read;
    sayStale(age > STALE_AFTER);
    const linked = now() - state.tick < STALE_AFTER;
    const live = byId("live");
    if (live) {
      live.classList.toggle("polling", !linked);
      const said = linked ? live.dataset.read : words().polling;
      const text = state.shown ? said.replace("{time}", state.shown) : "…";
      if (byId("live-text").textContent !== text) byId("live-text").textContent = text;
    }
    if (age > ASK_AFTER && now() - state.asked > 10000 && window.dash_clientside?.set_props) {
      state.asked = now();
      window.dash_clientside.set_props("ask", { data: Date.now() });
    }
  }

  // A session that is over answers 401 to every question: what is shown must not stay.
  const fetched = window.fetch.bind(window);
  window.fetch = async (...given) => {
    const answer = await fetched(...given);
    if (answer.status === 401 && new URL(answer.url).pathname.startsWith("/console/")) {
      document.body.textContent = "";
      location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
    }
    return answer;
  };

  let ring = null;
  function sound() {
    if (localStorage.getItem("chevet.sound") !== "on") return;
    ring ??= new AudioContext();
    [0, 0.22].forEach((late) => {
      const tone = ring.createOscillator();
      const gain = ring.createGain();
      tone.frequency.value = 660;
      gain.gain.value = 0.15;
      tone.connect(gain).connect(ring.destination);
      tone.start(ring.currentTime + late);
      tone.stop(ring.currentTime + late + 0.14);
    });
  }
  function showSound() {
    const button = byId("sound");
    if (!button) return;
    const on = localStorage.getItem("chevet.sound") === "on";
    button.setAttribute("aria-pressed", String(on));
    button.textContent = on ? button.dataset.on : button.dataset.off;
  }
  function showKeys() {
    const button = byId("keys");
    if (!button) return;
    const off = localStorage.getItem("chevet.keys") === "off";
    button.textContent = off ? button.dataset.on : button.dataset.off;
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    console: {
      ticked(tick) {
        state.tick = now();
        return String(tick?.number ?? 0);
      },
      wasRead(read) {
        if (!read) return window.dash_clientside.no_update;
        state.read = now();
        state.shown = read.shown;
        const red = read.open_red;
        if (red !== null && state.red !== null && red > state.red) sound();
        if (red !== null) state.red = red;
        document.title = (state.red ? `(${state.red}) ` : "") + `${read.title} · Chevet`;
        watch();
        return document.title;
      },
    },
  });

  function move(by) {
    const rows = [...document.querySelectorAll(".queue a.entry")];
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    const next = at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
    rows[next].focus();
    rows[next].scrollIntoView({ block: "nearest" });
  }
  const keys = {
    j: () => move(1),
    k: () => move(-1),
    "/": () => byId("queue-name")?.focus(),
    u: () => byId("nav-queue")?.click(),
    "?": () => byId("help")?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest?.("input, textarea, select, dialog, [role=dialog]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem("chevet.keys") === "off" && event.key !== "?") return;
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  // What was written in a form that no refresh may empty, by the names of its fields.
  function gathered(form) {
    const fields = document.querySelectorAll(`#${form} [name]`);
    return Object.fromEntries([...fields].map((field) => [field.name, field.value]));
  }
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    const id = button?.id;
    if (button?.dataset.act) {
      const { act, on, level, gather } = button.dataset;
      const fields = gather && gathered(gather);
      window.dash_clientside.set_props("click", { data: { act, on, level, fields, at: Date.now() } });
    }
    if (id === "print") window.print();
    if (id === "help-open") byId("help").showModal();
    if (id === "help-close") byId("help").close();
    const left = id?.match(/^(closing|asking|sleeping|giving|shift|ending|leave|swap|gp|drill|drillplan)-cancel$/);
    if (left) window.dash_clientside.set_props(left[1], { opened: false });
    if (id === "keys") {
      const off = localStorage.getItem("chevet.keys") === "off";
      localStorage.setItem("chevet.keys", off ? "on" : "off");
      showKeys();
    }
    if (id === "sound") {
      const on = localStorage.getItem("chevet.sound") === "on";
      localStorage.setItem("chevet.sound", on ? "off" : "on");
      showSound();
      sound();
    }
  });

  document.addEventListener("DOMContentLoaded", () => document.body.prepend(banner));
  new MutationObserver(() => {
    const shell = byId("shell");
    if (!shell || shell.dataset.ready) return;
    shell.dataset.ready = "yes";
    document.documentElement.lang = shell.lang || "fr";
    showSound();
    showKeys();
  }).observe(document.documentElement, { childList: true, subtree: true });
  setInterval(watch, 1000);
})();
