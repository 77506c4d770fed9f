// The checks of a field, and whether a number lies in a span that the server judged beforehand.
// Nothing is decided here: each span carries its level and the server's words.

const SIGNS = /\s|%|°C?|kg$|bpm$/gi;
const NUMBER = /^-?[0-9]{1,7}([.,][0-9]{1,3})?$/;

function read(text) {
  const bare = text.replace(SIGNS, "");
  return NUMBER.test(bare) ? Number(bare.replace(",", ".")) : null;
}

// The numbers a typed one may be shown as; halfway between two, the worse of both counts.
function shown(value, decimals) {
  const steps = Number((value * 10 ** decimals).toFixed(6));
  return [...new Set([Math.floor(steps), Math.ceil(steps)])].map((one) => one / 10 ** decimals);
}

// What is wrong with what was typed, in words; empty when nothing is.
export function check(field, text) {
  if (!text || field.kind === "text") return "";
  const value = read(text);
  if (value === null) return field.bad;
  return shown(value, field.decimals).every((one) => field.lowest <= one && one <= field.highest) ? "" : field.out;
}

const WORSE = ["green", "orange", "red"];

function spanOf(field, text) {
  const values = shown(read(text), field.decimals);
  const met = field.spans.filter((span) => values.some((one) => span.from <= one && one <= span.to));
  return met.sort((a, b) => WORSE.indexOf(b.level) - WORSE.indexOf(a.level))[0];
}

// The worst level, « none » where no limit is set, and each number with the limit it met.
export function judge(fields, typed) {
  const lines = fields
    .filter((field) => field.kind === "number" && typed[field.id])
    .map((field) => ({ field, span: spanOf(field, typed[field.id]) }));
  const levels = lines.filter(({ field }) => field.watched).map(({ span }) => span?.level ?? "green");
  const level = WORSE.findLast((one) => levels.includes(one)) ?? "none";
  return { level, lines: lines.map(({ field, span }) => ({ field, limit: span?.words, level: span?.level })) };
}
