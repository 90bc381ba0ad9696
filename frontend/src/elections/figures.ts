// The forms of a polling station: what they mean, hold and say.
export type Form = HTMLFormElement;

const TEXTS = new Set(["why", "hour"]);
const MAY_BE_EMPTY = new Set(["valid", "replaces", "why"]);
const ASIDE = new Set(["csrfmiddlewaretoken", "verb", "key", "sure", "bag"]);

export const fields = (form: Form): HTMLInputElement[] =>
  [...form.elements].filter((one): one is HTMLInputElement => one instanceof HTMLInputElement && !["hidden", "radio", "checkbox"].includes(one.type));
export const isTyped = (form: Form): boolean => fields(form).some((one) => one.value.trim() !== one.defaultValue.trim());
export const hidden = (form: Form, name: string): HTMLInputElement => form.elements.namedItem(name) as HTMLInputElement;

/** A number as people type it; what is none stays as it is, for the server to name it. */
export function figure(typed: string): number | string {
  const plain = typed.replace(/\s/g, "");
  return plain === "" ? 0 : /^\d+$/.test(plain) ? Number(plain) : typed;
}

export function payloadOf(form: Form): Record<string, unknown> {
  const payload: Record<string, unknown> = {};
  const votes: unknown[] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || ASIDE.has(name)) continue;
    if (name.startsWith("votes.")) votes.push(figure(value));
    else if (MAY_BE_EMPTY.has(name) && !value.trim()) continue;
    else payload[name] = TEXTS.has(name) ? value : figure(value);
  }
  if (votes.length) payload.votes = votes;
  return payload;
}

/** What a form would hold that meant this. */
export function valuesOf(payload: Record<string, unknown>): Record<string, string> {
  const { votes, ...others } = payload;
  const lists = ((votes ?? []) as unknown[]).map((value, place) => [`votes.${place}`, value]);
  return Object.fromEntries([...lists, ...Object.entries(others)].map(([name, value]) => [name, String(value)]));
}

export const held = (form: Form): Record<string, string> =>
  Object.fromEntries([...new FormData(form)].filter(([name]) => name === "bag" || !ASIDE.has(name)).map(([name, value]) => [name, String(value)]));

export function fill(form: Form, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) {
    const there = form.elements.namedItem(name);
    if (there instanceof HTMLInputElement || there instanceof RadioNodeList) there.value = value;
  }
  for (const one of fields(form)) check(one);
}

/** What a form says in words: « Centaine 3 : Le Havre ensemble 50, … ». */
export function said(form: Form, line: string): string {
  const title = form.dataset.said!.replace("%s", hidden(form, form.dataset.verb === "bag" ? "number" : "bag")?.value ?? "");
  const lines = fields(form).filter((one) => one.value.trim());
  const named = (one: HTMLInputElement): string => `${one.labels![0]!.querySelector("span")!.lastChild!.textContent!.trim()} `;
  const figures = lines.map((one) => (lines.length > 1 && one.name !== "why" ? named(one) : "") + one.value.trim());
  return figures.length ? line.replace("{what}", title).replace("{figures}", figures.join(", ")) : title;
}

/** A figure that is none is said at once, beside it, in our words. */
export function check(input: HTMLInputElement): void {
  if (input.inputMode !== "numeric") return;
  const isNone = typeof figure(input.value) === "string";
  input.setCustomValidity(isNone ? input.title : "");
  const told = input.form!.querySelector<HTMLElement>("[data-whole]")!;
  told.id ||= `whole-${[...document.querySelectorAll("[data-whole]")].indexOf(told)}`;
  for (const [name, value] of [["aria-invalid", "true"], ["aria-describedby", told.id]] as const) {
    if (isNone) input.setAttribute(name, value);
    else input.removeAttribute(name);
  }
  told.hidden = !fields(input.form!).some((one) => one.hasAttribute("aria-invalid"));
}

/** The ballots of figures as they are sent: votes, blank and null. */
export const ballotsOf = ({ votes, blank, null: none }: Record<string, unknown>): number =>
  [...((votes ?? []) as unknown[]), blank, none].reduce<number>((all, one) => all + (Number(one) || 0), 0);

/** The running sum: of a bag, out of the envelopes that it should hold; of totals, out of those that stand above. */
export function sum(form: Form, words: DOMStringMap, envelopes: number): void {
  const output = form.querySelector<HTMLOutputElement>("[data-sum]");
  if (!output) return;
  const figures = payloadOf(form);
  const all = [...(figures.votes as unknown[]), figures.blank, figures.null];
  const told = (...some: unknown[]): string => (some.some((one) => typeof one === "string") ? "?" : String(some.reduce<number>((sum, one) => sum + Number(one), 0)));
  const [total, of] = [told(...all), "envelopes" in figures ? told(figures.envelopes) : String(envelopes)];
  const line = (said: string, facts: Record<string, string>): string => Object.entries(facts).reduce((text, [name, value]) => text.replace(`{${name}}`, value), said);
  if (total === "0") output.textContent = "";
  else if ("envelopes" in figures) {
    const parts = { valid: told(...(figures.votes as unknown[])), blank: told(figures.blank), null: told(figures.null), total };
    const sum = line(words.saidSum!, parts);
    output.textContent = of === "0" ? sum : line(words.saidOf!, { sum, of });
  } else output.textContent = line(words.saidLeft!, { total, of });
  output.classList.toggle("even", total === of && total !== "?");
}
