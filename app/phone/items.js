// One question as the page shows it: what is answered, whether it is asked, what is wrong with it.
// The server judges all of it again (questionnaires/filling.py).

export function value(step) {
  const { kind } = step.dataset;
  if (kind === "choices") {
    return [...step.querySelectorAll("input:checked")].map((input) => input.value);
  }
  if (kind === "choice" || kind === "boolean") {
    return step.querySelector("input:checked")?.value ?? "";
  }
  if (kind === "photo") return step.dataset.photo ?? "";
  return step.querySelector("input, textarea")?.value.trim() ?? "";
}

const number = (text) => Number(String(text).replace(/\s/g, "").replace(",", "."));

// As the server judges (questionnaires/conditions.py): one of several answers is enough, and « != »
// means that none is equal, which holds without any answer.
function holds({ item, operator, value: wanted }, valueOf) {
  const given = [valueOf(item)].flat().filter((one) => one !== "");
  if (operator === "exists") return (given.length > 0) === wanted;
  const known = typeof wanted === "number" ? number : String;
  const same = (one) => known(one) === known(wanted);
  if (operator === "=") return given.some(same);
  if (operator === "!=") return !given.some(same);
  const rules = {
    ">": (one) => known(one) > known(wanted),
    "<": (one) => known(one) < known(wanted),
    ">=": (one) => known(one) >= known(wanted),
    "<=": (one) => known(one) <= known(wanted),
  };
  return given.some(rules[operator] ?? (() => false));
}

// A list of groups, all of which must hold: the question's own and those of what it stands in.
export function isAsked(step, valueOf) {
  const groups = JSON.parse(step.dataset.when || "[]");
  return groups.every(({ all, conditions }) => {
    const each = conditions.map((condition) => holds(condition, valueOf));
    return all ? each.every(Boolean) : each.some(Boolean);
  });
}

export function problem(step) {
  const { kind, required, lowest, highest, decimals } = step.dataset;
  const given = value(step);
  if (given === "" || given.length === 0) return required ? "missing" : null;
  if (kind === "integer" || kind === "decimal") {
    const bare = given.replace(/\s/g, "");
    const places = Number(decimals || 0);
    const shape = kind === "integer" || !places ? /^-?\d+$/ : /^-?\d+([.,]\d+)?$/;
    if (!shape.test(bare)) return "not_a_number";
    if (lowest && number(given) < Number(lowest)) return "out_of_bounds";
    if (highest && number(given) > Number(highest)) return "out_of_bounds";
  }
  return null;
}
