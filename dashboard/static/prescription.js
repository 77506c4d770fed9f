/* The form of a prescription. It comes onto the page whole, in a container of its own for each
   opening, and says itself with what it was opened and on which draft it is written; its choices are
   filled before it is ever painted. An answer that comes late changes nothing of a form opened
   since. What is typed is sent as one dictionary of places a moment after the last key, one sending
   at a time, so that each is kept on what the one before it became; what is wrong comes back by
   place and is written beside its field. */
(() => {
  "use strict";
  const REST = 700; // ms without a key before what was typed is sent
  const LONGEST = 8000; // ms after which an answer is no longer waited for
  const NUMBERS = /\.(limits|usual|from_usual|sustain|every_hours|within_hours|silence)|_days$|\.by$/;
  const FRESH = { busy: 0, dirty: false, sign: false, wrong: {} };
  const state = { ...FRESH, standing: null, opened: "", kept: null, timer: 0 };
  const form = () => document.querySelector("#rx-form .rx-fields");
  const send = (id, data) => window.dash_clientside.set_props(id, { data });

  const field = (held) => held.querySelector("input, select, textarea");
  function textOf(held) {
    const input = field(held);
    if (!input) return held.dataset.value ?? "";
    return input.type === "checkbox" ? (input.checked ? "1" : "") : input.value;
  }
  function typed() {
    const held = [...form().querySelectorAll("[data-place]")];
    return Object.fromEntries(held.map((one) => [one.dataset.place, textOf(one)]));
  }
  function keep() {
    clearTimeout(state.timer);
    if (!form()) return;
    if (state.busy && Date.now() - state.busy < LONGEST) {
      state.dirty = true;
      return;
    }
    const sign = state.sign;
    Object.assign(state, { busy: Date.now(), dirty: false, sign: false });
    const { kept, opened } = state;
    send("rx-typed", { fields: typed(), typed: true, kept, opened, sign, at: Date.now() });
  }
  function later() {
    clearTimeout(state.timer);
    state.timer = setTimeout(keep, REST);
  }

  // The first value of a choice; one that was given none stands on its first, as it came.
  function fill(fields) {
    for (const held of fields.querySelectorAll("[data-place]")) {
      const input = field(held);
      const { place, value } = held.dataset;
      if (input?.tagName === "SELECT" && value) input.value = value;
      if (input && NUMBERS.test(place)) input.inputMode = "decimal";
    }
  }
  // An observer is called before the browser paints: nobody ever sees a form that is half put up.
  new MutationObserver(() => {
    const standing = form();
    if (!standing || standing === state.standing) return;
    clearTimeout(state.timer);
    const { opened, kept } = standing.dataset;
    Object.assign(state, { ...FRESH, standing, opened, kept: JSON.parse(kept) });
    fill(standing);
  }).observe(document, { childList: true, subtree: true });
  // What a screen reader must know of a field with a fault.
  function paint() {
    for (const room of form()?.querySelectorAll("[data-error]") ?? []) {
      const place = room.dataset.error;
      room.textContent = state.wrong[place] ?? "";
      room.id = `rx-error-${place}`;
      const held = room.closest("[data-place]");
      const input = held && field(held);
      if (!input) continue;
      const wrong = place in state.wrong;
      input.toggleAttribute("aria-invalid", wrong);
      if (wrong) input.setAttribute("aria-invalid", "true");
      if (wrong) input.setAttribute("aria-describedby", room.id);
      else input.removeAttribute("aria-describedby");
      if (wrong) room.closest("details")?.setAttribute("open", "");
    }
  }

  window.dash_clientside = Object.assign({}, window.dash_clientside, {
    prescription: {
      answered(problems) {
        if (problems?.forget) state.kept = null;
        // An answer about a form that was opened before this one is nothing to this one.
        if (!problems?.found || problems.opened !== state.opened) return "";
        state.kept = problems.kept;
        state.wrong = problems.found;
        state.busy = 0;
        requestAnimationFrame(() => requestAnimationFrame(paint));
        if (state.dirty) keep();
        return problems.at;
      },
    },
  });

  const inForm = (event) => event.target.closest?.("#rx-form [data-place]");
  document.addEventListener("input", (event) => inForm(event) && later());
  document.addEventListener("change", (event) => inForm(event) && later());
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("button");
    if (button?.id === "signing-cancel") {
      window.dash_clientside.set_props("signing", { opened: false });
    }
    if (!button?.dataset.rx || !form()) return;
    if (button.dataset.rx === "sign") {
      state.sign = true;
      keep();
    } else {
      send("rx-replay-ask", { fields: typed(), at: Date.now() });
    }
  });
})();
