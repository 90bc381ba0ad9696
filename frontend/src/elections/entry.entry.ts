// A polling station's entry: what is typed is kept on this device until the server has it, in order, and sent once.
interface Sent {
  key: string;
  verb: string;
  payload: Record<string, unknown>;
  sure?: boolean;
  problem?: { kind: string; lines: string[]; field: string };
}

const root = document.querySelector<HTMLElement>("[data-entry]")!;
const said = root.dataset;
const link = root.querySelector<HTMLElement>("[data-link]")!;
const list = root.querySelector<HTMLOListElement>("[data-queue]")!;
const problem = document.getElementById("problem")!;
const place = `arobase:${said.send}`;
const draftPlace = `${place}:draft`;
const SOON_MS = 1000;
const LATEST_MS = 15000;
const LOOK_EVERY_MS = 5000;
let wait = SOON_MS;
let timer: number | undefined;
let sending = false;
let isOffline = false;
let etag = "";

const read = <T>(key: string, other: T): T => JSON.parse(localStorage.getItem(key) ?? "null") ?? other;
const queue = (): Sent[] => read<Sent[]>(place, []);
const keep = (waiting: Sent[]): void => localStorage.setItem(place, JSON.stringify(waiting));
const token = (): string => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? root.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]")!.value;

function number(typed: string): number | string {
  const plain = typed.replace(/\s/g, "");
  return plain === "" ? 0 : /^\d+$/.test(plain) ? Number(plain) : typed;
}

const TEXTS = new Set(["why", "hour"]);

/** The entry that a form means. */
function entryOf(form: HTMLFormElement): Sent {
  const payload: Record<string, unknown> = {};
  const votes: unknown[] = [];
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || ["csrfmiddlewaretoken", "verb", "key", "sure"].includes(name)) continue;
    if (name.startsWith("votes.")) votes.push(number(value));
    else if (name === "valid" && !value.trim()) continue;
    else payload[name] = TEXTS.has(name) ? value : number(value);
  }
  if (votes.length) payload.votes = votes;
  const verb = form.dataset.verb!;
  if (verb === "bag") payload.number = nextBag();
  const key = crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`;
  return { key, verb, payload, sure: form.dataset.verb === "correct" || undefined };
}

const shown = (): HTMLElement | null => root.querySelector<HTMLElement>("#standing > [data-next]");
const nextBag = (): number => Number(shown()?.dataset.next ?? 1) + queue().filter((one) => one.verb === "bag").length;

function draw(): void {
  const waiting = queue();
  list.hidden = !waiting.length;
  list.replaceChildren(
    ...waiting.map((one) => {
      const line = document.createElement("li");
      const figures = [one.payload.votes, one.payload.blank, one.payload.null, one.payload.voters, one.payload.envelopes].flat().filter((value) => value !== undefined);
      line.textContent = `${one.verb === "bag" ? said.saidBag!.replace("%s", String(one.payload.number)) : one.verb} : ${figures.join(" · ")}`;
      return line;
    }),
  );
  link.classList.toggle("waiting", waiting.length > 0);
  link.classList.toggle("offline", isOffline);
  if (isOffline) link.textContent = waiting.length ? `${said.saidWaiting} ${waiting.length}` : said.saidOffline!;
  else if (!waiting.length && link.textContent) link.textContent = said.saidSent!;
  const may = (shown()?.dataset.may ?? "").split(" ");
  for (const form of root.querySelectorAll<HTMLElement>("[data-form]")) form.hidden = !may.includes(form.dataset.form!);
  const title = root.querySelector<HTMLElement>("[data-bag-title]");
  if (title) title.textContent = said.saidBag!.replace("%s", String(nextBag()));
}

function tell(first: Sent | undefined): void {
  const found = first?.problem;
  problem.hidden = !found;
  if (!found) return;
  problem.querySelector("[data-lines]")!.replaceChildren(
    ...found.lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })),
  );
  for (const kind of ["unsure", "conflict", "refused"]) problem.querySelector<HTMLElement>(`[data-${kind}]`)!.hidden = found.kind !== kind;
  for (const button of problem.querySelectorAll<HTMLElement>("[data-sure], [data-unsure] [data-mend]")) button.hidden = false;
  problem.querySelector<HTMLElement>("[data-another]")!.hidden = first?.verb !== "bag";
  problem.focus();
  problem.scrollIntoView({ block: "center" });
}

function later(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void flush(), wait);
  wait = Math.min(wait * 2, LATEST_MS);
}

/** Send what waits, one after the other; stop at what the server does not take. */
async function flush(): Promise<void> {
  if (sending) return;
  sending = true;
  try {
    for (let first = queue()[0]; first && !first.problem; first = queue()[0]) {
      const { problem: _none, ...body } = first;
      const answer = await fetch(said.send!, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
        redirect: "manual",
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) {
        link.textContent = said.saidClosed!;
        return;
      }
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      const told = (await answer.json()) as { problem?: string; lines?: string[]; field?: string; notes?: string[] };
      const waiting = queue();
      if (answer.ok) {
        keep(waiting.slice(1));
        link.textContent = [said.saidSent, ...(told.notes ?? [])].join(" ");
      } else {
        keep([{ ...first, problem: { kind: told.problem ?? "refused", lines: told.lines ?? [], field: told.field ?? "" } }, ...waiting.slice(1)]);
      }
      wait = SOON_MS;
      isOffline = false;
      await look().catch(() => undefined); // first what the station looks like now: another bag takes the number after it
      tell(queue()[0]);
    }
  } catch {
    isOffline = true;
    later();
  } finally {
    sending = false;
    draw();
  }
}

/** What the station looks like now: another person may have entered something. */
async function look(): Promise<void> {
  const answer = await fetch(said.standing!, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", redirect: "manual" });
  isOffline = false;
  if (!answer.ok) return draw();
  etag = answer.headers.get("ETag") ?? "";
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const standing = document.getElementById("standing")!;
  if (standing.contains(document.activeElement) && document.activeElement instanceof HTMLInputElement) return void (etag = "");
  standing.replaceChildren(...fresh.body.childNodes);
  draw();
}

function sum(form: HTMLFormElement): void {
  const output = form.querySelector<HTMLOutputElement>("[data-sum]");
  if (!output) return;
  const numbers = [...form.querySelectorAll<HTMLInputElement>(".entry-lines input")].map((input) => number(input.value));
  const total = numbers.reduce<number>((all, one) => all + (typeof one === "number" ? one : 0), 0);
  output.textContent = total ? said.saidLeft!.replace("%s", String(total)) : "";
  output.classList.toggle("even", total === 100);
}

function fill(form: HTMLFormElement, payload: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(payload)) {
    const input = form.elements.namedItem(name);
    if (input instanceof HTMLInputElement && input.type !== "hidden") input.value = String(value);
  }
  (payload.votes as unknown[] | undefined)?.forEach((value, at) => {
    const input = form.elements.namedItem(`votes.${at}`);
    if (input instanceof HTMLInputElement) input.value = String(value);
  });
  sum(form);
}

root.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.verb) return;
  event.preventDefault();
  const entry = entryOf(form);
  keep([...queue(), entry]);
  if (["bag", "box", "totals"].includes(entry.verb)) {
    form.reset();
    for (const input of form.querySelectorAll<HTMLInputElement>(".entry-lines input")) input.value = "";
    sum(form);
    if (entry.verb === "bag") form.querySelector<HTMLInputElement>(".entry-lines input")?.focus();
  }
  localStorage.removeItem(draftPlace);
  draw();
  void flush().then(() => {
    if (form.dataset.after && !queue().length) location.assign(form.dataset.after);
  });
});

problem.addEventListener("click", (event) => {
  const button = event.target instanceof HTMLElement ? event.target.closest("button") : null;
  const [first, ...others] = queue();
  if (!button || !first) return;
  const { problem: _told, ...entry } = first;
  if ("sure" in button.dataset) keep([{ ...entry, sure: true }, ...others]);
  if ("another" in button.dataset) keep([{ ...entry, payload: { ...entry.payload, number: Number(shown()?.dataset.next ?? 1) } }, ...others]);
  if ("drop" in button.dataset || "mend" in button.dataset) keep(others);
  if ("mend" in button.dataset) {
    const form = root.querySelector<HTMLFormElement>(`form[data-verb="${entry.verb}"]`);
    if (form) fill(form, entry.payload);
    form?.querySelector<HTMLInputElement>(".entry-lines input, input:not([type=hidden])")?.focus();
  }
  problem.hidden = true;
  draw();
  void flush();
});

root.addEventListener("input", (event) => {
  const form = event.target instanceof HTMLInputElement ? event.target.form : null;
  if (!form?.dataset.verb) return;
  sum(form);
  if (form.dataset.verb === "bag") localStorage.setItem(draftPlace, JSON.stringify(entryOf(form).payload));
});

root.addEventListener("keydown", (event) => {
  // The Enter key of a number pad goes to the next line, and records after the last one.
  const input = event.target;
  if (event.key !== "Enter" || !(input instanceof HTMLInputElement) || !input.closest(".entry-lines")) return;
  const inputs = [...input.form!.querySelectorAll<HTMLInputElement>(".entry-lines input")];
  const next = inputs[inputs.indexOf(input) + 1];
  if (next) {
    event.preventDefault();
    next.focus();
    next.select();
  }
});

for (const note of root.querySelectorAll("[data-no-script]")) note.remove();
if (problem.hidden) {
  const bag = root.querySelector<HTMLFormElement>('form[data-verb="bag"]');
  const draft = read<Record<string, unknown> | null>(draftPlace, null);
  if (bag && draft) fill(bag, draft);
}
window.addEventListener("online", () => void flush());
window.setInterval(() => {
  if (!document.hidden) look().then(() => (queue().length ? flush() : undefined), lost);
}, LOOK_EVERY_MS);

function lost(): void {
  isOffline = true;
  draw();
}

/** This page opens again without a network: a worker beside it keeps it (not on plain http, where there are none). */
async function keepPage(): Promise<void> {
  const workers = navigator.serviceWorker;
  if (!workers) return;
  await workers.register(said.worker!, { scope: location.pathname });
  await workers.ready;
  const parts = [...document.querySelectorAll<HTMLScriptElement>("script[src]")].map((one) => one.src);
  const styles = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")].map((one) => one.href);
  const kept = await caches.open("arobase-elections");
  await kept.addAll([location.pathname, ...parts, ...styles]);
  said.kept = "";
}
draw();
tell(queue()[0]);
said.ready = "";
void flush();
keepPage().catch(() => undefined); // the page works without

export {};
