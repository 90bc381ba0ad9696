// A field that suggests territories, after the ARIA pattern "combobox with list autocomplete". Its state is in the DOM:
// a copy that htmx swaps in works at once. Without this module it is a plain text field of a form.

type Suggestion = { id: string; name: string; kind: string; where: string; reason: string; url: string };

const WAIT_MS = 120;
const running = new WeakMap<Element, AbortController>();
const waiting = new WeakMap<Element, number>();

const boxOf = (target: EventTarget | null) =>
  target instanceof Element ? target.closest<HTMLElement>("[data-combobox]") : null;
const parts = (box: HTMLElement) => ({
  field: box.querySelector<HTMLInputElement>("input:not([type=hidden])")!,
  list: box.querySelector<HTMLUListElement>("[role=listbox]")!,
  status: box.querySelector<HTMLElement>("[role=status]")!,
  chosen: box.querySelector<HTMLInputElement>("input[type=hidden]"),
});

function prepare(box: HTMLElement) {
  const { field, list } = parts(box);
  if (field.getAttribute("role") === "combobox") return;
  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
}

function close(box: HTMLElement) {
  const { field, list, status } = parts(box);
  window.clearTimeout(waiting.get(box));
  running.get(box)?.abort();
  list.hidden = true;
  status.textContent = "";
  status.classList.remove("shown");
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function activate(box: HTMLElement, option: HTMLElement | undefined) {
  const { field, list } = parts(box);
  for (const other of list.children) other.setAttribute("aria-selected", String(other === option));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function show(box: HTMLElement, found: Suggestion[]) {
  const { field, list, status } = parts(box);
  list.replaceChildren(
    ...found.map((one, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      Object.assign(option.dataset, { territory: one.id, url: one.url, name: one.name });
      const detail = document.createElement("small");
      detail.textContent = [one.kind, one.where, one.reason].filter(Boolean).join(" · ");
      option.append(one.name, " ", detail);
      return option;
    }),
  );
  list.hidden = found.length === 0;
  field.setAttribute("aria-expanded", String(found.length > 0));
  field.removeAttribute("aria-activedescendant");
  const { none = "", one = "", many = "" } = box.dataset;
  status.textContent = found.length === 0 ? none : found.length === 1 ? one : many.replace("#", String(found.length));
  status.classList.toggle("shown", found.length === 0);
}

async function suggest(box: HTMLElement) {
  const { field } = parts(box);
  const query = field.value.trim();
  if (!query) return close(box);
  running.get(box)?.abort();
  const overtaken = new AbortController();
  running.set(box, overtaken);
  const address = new URL(box.dataset.suggestions!, location.href);
  address.searchParams.set("q", query);
  if (box.dataset.kinds) address.searchParams.set("kinds", box.dataset.kinds);
  try {
    const answer = await fetch(address, { signal: overtaken.signal });
    const found = answer.ok ? ((await answer.json()) as { suggestions: Suggestion[] }).suggestions : [];
    if (!overtaken.signal.aborted) show(box, found);
  } catch {
    // Overtaken by the next letter, or no network: the field goes on as plain text.
  }
}

function choose(box: HTMLElement, option: HTMLElement) {
  const { field, chosen } = parts(box);
  const { territory = "", url = "", name = "" } = option.dataset;
  field.value = name;
  if (chosen) chosen.value = territory;
  close(box);
  const goes = box.dispatchEvent(
    new CustomEvent("territory-chosen", { bubbles: true, cancelable: true, detail: { id: territory, name, url } }),
  );
  if (goes && box.dataset.mode === "go" && url) location.assign(url);
}

document.addEventListener("focusin", (event) => {
  const box = boxOf(event.target);
  if (box) prepare(box);
});
document.addEventListener("focusout", (event) => {
  const box = boxOf(event.target);
  if (box && !box.contains(event.relatedTarget as Node | null)) close(box);
});
document.addEventListener("input", (event) => {
  const box = boxOf(event.target);
  if (!box) return;
  prepare(box);
  const { chosen } = parts(box);
  if (chosen) chosen.value = "";
  window.clearTimeout(waiting.get(box));
  waiting.set(box, window.setTimeout(() => void suggest(box), WAIT_MS));
});
document.addEventListener("pointerdown", (event) => {
  const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-combobox] [role=option]") : null;
  if (option) event.preventDefault(); // the field keeps the focus
});
document.addEventListener("click", (event) => {
  const option = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-combobox] [role=option]") : null;
  const box = boxOf(event.target);
  if (option && box) choose(box, option);
});
document.addEventListener("keydown", (event) => {
  const box = boxOf(event.target);
  if (!box || event.isComposing) return;
  const { field, list } = parts(box);
  if (event.target !== field) return;
  const options = [...list.children] as HTMLElement[];
  const active = list.hidden ? -1 : options.findIndex((option) => option.id === field.getAttribute("aria-activedescendant"));
  const steps: Record<string, number> = { ArrowDown: active + 1, ArrowUp: active < 0 ? options.length - 1 : active - 1 };
  if (event.key in steps) {
    event.preventDefault();
    if (list.hidden) void suggest(box);
    else activate(box, options[steps[event.key]!]);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    choose(box, options[active]!);
  } else if (event.key === "Escape" && (!list.hidden || parts(box).status.textContent)) {
    event.preventDefault();
    close(box);
  } else if (event.key === "Tab") {
    close(box);
  }
});
