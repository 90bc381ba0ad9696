// A polling station's entry: what is typed is kept on this device until the server has it, in order, and sent once.
import { ballotsOf, check, fields, fill, held, hidden, isTyped, payloadOf, said, sum, valuesOf, type Form } from "./figures";
import { keepPage } from "./keeping";
import { bringBack, confirmed, drawTotals } from "./totals";
import { placeOf, random, Typing, Waiting, type Sent } from "./waiting";

const root = document.querySelector<HTMLElement>("[data-entry]")!;
const words = root.dataset;
const part = <T extends HTMLElement>(selector: string): T => root.querySelector<T>(selector)!;
const [link, notes, shut, list, problem] = ["[data-link]", "[data-notes]", "[data-shut]", "[data-queue]", "#problem"].map((one) => part(one)) as [HTMLElement, HTMLElement, HTMLElement, HTMLElement, HTMLElement];
const [bag, totals, correction] = ["bag", "totals", "correct"].map((verb) => part<Form>(`form[data-verb=${verb}]`)) as [Form, Form, Form];
const place = placeOf(words.send!);
const standingPlace = `${place}:standing`;
const queue = new Waiting(place);
let waitedFromBefore = queue.all().length > 0;
const FULL = 100; // of a bag (Code électoral, L65)
const SOON_MS = 1000;
const LATEST_MS = 15000;
const LOOK_EVERY_MS = 5000;
const ANSWERS_WITHIN_MS = 20000;
let typing: Typing | undefined;
let wait = SOON_MS;
let timer: number | undefined;
let running: Promise<void> | undefined;
let isOffline = false;
let isShut = false;
let hasSent = false;
let sendings = 0;
let etag = "";
let told = "";

const token = (): string => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? part<HTMLInputElement>("[name=csrfmiddlewaretoken]").value;
const shown = (): HTMLElement => part("#standing > [data-next]");
const nextBag = (): number => Math.max(Number(shown().dataset.next), ...queue.bags().map((one) => one + 1));
const forms = (): Form[] => [...root.querySelectorAll<Form>("form[data-verb]")];
const correctionLink = (entry: string): HTMLElement | null => root.querySelector(`[data-correct="${CSS.escape(entry)}"]`);

/** How many envelopes a bag should hold: a hundred, or what is left; to those of a bag that is corrected its own belong. */
function bagOf(form: Form): number {
  const own = form === correction ? correctionLink(hidden(form, "entry").value)?.dataset.figures?.trim().split(/\s+/) : [];
  const waiting = queue.all().filter((one) => one.verb === "bag" && one.key !== form.dataset.mends);
  const taken = waiting.reduce((all, one) => all + ballotsOf(one.payload), 0);
  const left = Number(shown().dataset.left || NaN) - taken + ballotsOf({ votes: own });
  return left > 0 ? Math.min(FULL, left) : FULL;
}

/** What several forms of one verb differ by. */
const apart = (verb: string): string => ({ turnout: "hour", undo: "entry", correct: "entry" })[verb] ?? "";

/** Under what name a form's draft is kept; what mends an entry that waits is apart from what was typed there before. */
function slotOf(form: Form): string {
  const { verb, mends } = form.dataset;
  const by = apart(verb!);
  return verb! + (by && `:${hidden(form, by).value}`) + (mends ? `@${mends}` : "");
}

function formFor({ verb, payload }: Sent): Form | undefined {
  const by = apart(verb);
  return forms().find((one) => one.dataset.verb === verb && (verb === "correct" || !by || hidden(one, by).value === String(payload[by])));
}

function entryOf(form: Form): Sent {
  return { key: random(), verb: form.dataset.verb!, payload: payloadOf(form), said: said(form, words.saidLine!) };
}

function remember(form: Form): void {
  if (isTyped(form) || form.dataset.mends) typing?.set(slotOf(form), { values: held(form), said: said(form, words.saidLine!) });
  else typing?.drop(slotOf(form));
}

function say(element: HTMLElement, text: string, href = ""): void {
  if (element.textContent === text) return;
  element.replaceChildren(href ? Object.assign(document.createElement("a"), { href, textContent: text }) : text);
}

function draw(): void {
  const waiting = queue.all();
  const behind = waiting.filter((one) => !one.problem); // the one that the server asks about is told with its question
  list.hidden = !behind.length;
  list.replaceChildren(...behind.map((one) => Object.assign(document.createElement("li"), { textContent: one.said ?? one.verb })));
  drawLink(waiting);
  drawBag();
  drawTotals(totals, shown().dataset);
  const may = (shown().dataset.may ?? "").split(" ");
  for (const one of root.querySelectorAll<HTMLElement>("[data-form]")) one.hidden = !may.includes(one.dataset.form!) && !one.querySelector("[data-mends]");
  const box = part<HTMLDetailsElement>("details[data-form=box]");
  const isKnown = "box" in shown().dataset;
  if (isKnown && words.box !== "known" && !box.querySelector("[data-mends]")) box.open = false;
  words.box = isKnown ? "known" : "";
  if (isShut === !shut.hidden) return;
  shut.hidden = !isShut;
  shut.replaceChildren(...(isShut ? [part<HTMLTemplateElement>("[data-shut-said]").content.cloneNode(true)] : []));
}

function drawLink(waiting: Sent[]): void {
  link.classList.toggle("waiting", waiting.length > 0);
  link.classList.toggle("offline", isOffline || isShut);
  if (isShut) say(link, words.saidClosed!, "#shut");
  else if (waiting[0]?.problem) say(link, [words.saidAnswer, waiting.length > 1 ? `${words.saidBehind} ${waiting.length - 1}` : ""].join(" ").trim(), "#problem");
  else if (waiting.length) say(link, `${isOffline ? words.saidWaiting : words.saidSending} ${waiting.length}`);
  else if (isOffline) say(link, words.saidOffline!);
  else say(link, !hasSent ? "" : waitedFromBefore ? words.saidCaughtUp! : words.saidSent!);
}

/** A bag has the number that was next when its typing began; should another take it meanwhile, it is said. */
function drawBag(): void {
  const { mends } = bag.dataset;
  const number = hidden(bag, "number");
  const isBegun = isTyped(bag) || mends;
  if (!isBegun) number.value = String(nextBag());
  const title = bag.dataset.said!.replace("%s", number.value);
  say(part("[data-bag-title]"), mends ? words.saidMending!.replace("{what}", title) : title);
  const isTaken = Boolean(isBegun && !mends && Number(number.value) < nextBag());
  part("[data-taken]").hidden = !isTaken;
  say(part("[data-taken-said]"), isTaken ? words.saidTaken!.replace("%s", number.value) : "");
}

/** Show what the server asks about the entry at the head; whoever types elsewhere is not disturbed. */
function tell(): void {
  const first = queue.first();
  const found = first?.problem;
  const about = found ? JSON.stringify([first.key, found]) : "";
  const mark = found ? about + String(first.isMending) : "";
  if (mark === told) return;
  const isNew = !told || !told.startsWith(about);
  told = mark;
  problem.hidden = !found;
  if (!first || !found) return;
  if (isNew) part("[data-lines]").replaceChildren(...[first.said, ...found.lines].map((text) => Object.assign(document.createElement("p"), { textContent: text })));
  const isOf = (kind: string): boolean => found.kind === kind && !first.isMending;
  const isBag = first.verb === "bag";
  const offers: [string, boolean][] = [
    ["[data-mend]", !(isOf("conflict") && isBag) && !isOf("late") && !first.isMending && Boolean(formFor(first) && fields(formFor(first)!).length)],
    ["[data-leave-it]", isOf("late")],
    ["[data-there]", isOf("conflict") && isBag && found.entry !== null],
    ["[data-sure]", isOf("unsure")],
    ["[data-another]", isOf("conflict") && isBag && shown().dataset.left !== "0"],
  ];
  for (const [selector, isOffered] of offers) part(`#problem ${selector}`).hidden = !isOffered;
  part("[data-answers]").hidden = first.isMending === true;
  const reason = part("[data-reason]");
  reason.hidden = !isOf("unsure") || !found.entry || first.verb === "correct"; // a correction has said why already
  if (isNew) reason.querySelector("input")!.value = String(first.payload.why ?? "");
  const there = part("[data-there]");
  there.textContent = words.saidCorrecting!.replace("%s", String(first.payload.number));
  const abandon = part<HTMLDetailsElement>("[data-abandon]");
  [abandon.hidden, abandon.open] = [isOf("late"), false];
  const form = document.activeElement?.closest("form");
  if (!isNew || first.isMending || (form && root.contains(form) && isTyped(form))) return;
  problem.focus();
  problem.scrollIntoView({ block: "center" });
}

function later(): void {
  window.clearTimeout(timer);
  timer = window.setTimeout(() => void flush(), wait);
  wait = Math.min(wait * 2, LATEST_MS);
}

const isRefusedHere = (answer: Response): boolean => answer.type === "opaqueredirect" || answer.status === 403;

/** Send what waits, one after the other; stop at what the server does not take. */
const flush = (): Promise<void> => (running ??= send().finally(() => (running = undefined)));

async function send(): Promise<void> {
  try {
    for (let first = queue.first(); first && !first.problem; first = queue.first()) {
      await sendOne(first);
      if (isShut) return;
      await look().catch(() => undefined); // first what the station looks like now: another bag takes the number after it
      tell();
    }
  } catch {
    isOffline = true;
    later();
  } finally {
    draw();
  }
}

async function sendOne({ problem: _told, said: _said, isMending: _isMending, ...body }: Sent): Promise<void> {
  sendings += 1;
  const answer = await fetch(words.send!, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
    redirect: "manual",
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  isShut = isRefusedHere(answer);
  if (isShut) return;
  if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
  const said = (await answer.json()) as { problem?: string; lines?: string[]; field?: string; entry?: number | null; notes?: string[]; bags: number; is_new: boolean };
  const sent = queue.all().find((one) => one.key === body.key);
  if (answer.ok) {
    queue.remove(body.key);
    if (said.is_new) shown().dataset.next = String(said.bags + 1);
    say(notes, (said.notes ?? []).join(" "));
    hasSent = true;
  } else if (sent) {
    queue.replace(body.key, { ...sent, problem: { kind: said.problem ?? "refused", lines: said.lines ?? [], field: said.field ?? "", entry: said.entry ?? null } });
  }
  wait = SOON_MS;
  isOffline = false;
}

/** What the station looks like now: another person may have entered something, or this device may have been replaced. */
async function look(): Promise<void> {
  const before = sendings;
  const answer = await fetch(words.standing!, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store", redirect: "manual" });
  isOffline = false;
  isShut = isRefusedHere(answer);
  if (answer.ok && before === sendings) {
    const html = await answer.text();
    etag = show(html) ? (answer.headers.get("ETag") ?? "") : "";
    localStorage.setItem(standingPlace, html);
  }
  draw();
}

/** Put a newer standing in the place of the one shown; false while some of it is left for what is typed there. */
function show(html: string): boolean {
  const fresh = new DOMParser().parseFromString(html, "text/html").body;
  const next = fresh.querySelector<HTMLElement>("[data-next]");
  if (!next) return false;
  const focused = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.correct : undefined;
  shown().replaceWith(next);
  if (focused) correctionLink(focused)?.focus({ preventScroll: true });
  showHours();
  return showPanels(fresh.querySelector<HTMLElement>("[data-panels]")!);
}

function showHours(): void {
  const known = new Map((shown().dataset.hours ?? "").trim().split(" ").map((one) => one.split("=") as [string, string]));
  for (const form of forms().filter((one) => one.dataset.verb === "turnout")) {
    const input = fields(form)[0]!;
    const voters = known.get(hidden(form, "hour").value);
    if (voters !== undefined && !isTyped(form) && !form.dataset.mends) input.value = input.defaultValue = voters;
  }
}

function showPanels(fresh: HTMLElement): boolean {
  const old = part("#standing > [data-panels]");
  if ([...old.querySelectorAll("form")].some((one) => isTyped(one) || one.dataset.mends)) return false;
  const focused = old.contains(document.activeElement) ? document.activeElement! : null;
  const kind = focused?.localName;
  const inside = focused?.closest("details")?.id;
  for (const one of fresh.querySelectorAll("details")) {
    const before = document.getElementById(one.id);
    one.open = before instanceof HTMLDetailsElement && before.open && before.textContent === one.textContent;
  }
  old.replaceWith(fresh);
  const again = inside && kind ? document.getElementById(inside)?.querySelector<HTMLElement>(kind) : null;
  if (inside) (again ?? fresh.querySelector("summary"))?.focus({ preventScroll: true });
  return true;
}

function reopen(form: Form): void {
  const details = form.closest("details");
  if (details) details.open = true;
  if (form === correction) {
    part("[data-correction]").hidden = false;
    say(part("[data-correction-title]"), words.saidCorrecting!.replace("%s", hidden(form, "bag").value));
  }
  sum(form, words, bagOf(form));
}

/** Give a form back: empty, or with what was typed in it before something was mended there. */
function release(form: Form): void {
  delete form.dataset.mends;
  form.reset();
  if (form === correction) part("[data-correction]").hidden = true;
  const draft = form === correction ? undefined : typing?.get(slotOf(form));
  fill(form, draft?.values ?? {});
  sum(form, words, bagOf(form));
}

/** Bring an entry that was not taken back into its form; it stays in its place in the queue until it is saved or abandoned. */
function mend(entry: Sent, { isAsked }: { isAsked: boolean }): void {
  const isThere = entry.problem?.kind === "conflict" && entry.verb === "bag";
  const form = isThere ? correction : formFor(entry);
  if (!form) return;
  queue.replace(entry.key, { ...entry, isMending: true });
  if (form === correction) {
    const of = String(isThere ? entry.problem!.entry : entry.payload.entry);
    hidden(form, "entry").value = of;
    hidden(form, "bag").value = correctionLink(of)?.dataset.bag ?? String(entry.payload.number ?? "");
  }
  form.dataset.mends = entry.key;
  form.reset();
  const typed = typing?.get(slotOf(form))?.values;
  if (form === totals) bringBack(form, entry, typed);
  else fill(form, typed ?? valuesOf(entry.payload));
  draw();
  reopen(form);
  if (!isAsked) return;
  const named = form.elements.namedItem(entry.problem?.field || " ");
  (named instanceof HTMLInputElement ? named : fields(form)[0])?.focus();
}

/** Open the correction of a bag; one that was begun goes on. */
function correct({ dataset }: HTMLElement): void {
  if (correction.dataset.mends) return reopen(correction);
  hidden(correction, "entry").value = dataset.correct!;
  hidden(correction, "bag").value = dataset.bag!;
  hidden(correction, "replaces").value = dataset.corrected ?? "";
  const figures = dataset.figures!.trim().split(/\s+/);
  for (const [at, one] of fields(correction).entries()) one.value = one.defaultValue = figures[at] ?? "";
  fill(correction, typing?.get(slotOf(correction))?.values ?? {});
  reopen(correction);
}

function busy(form: Form, isBusy: boolean): void {
  form.setAttribute("aria-busy", String(isBusy));
  for (const one of form.querySelectorAll<HTMLButtonElement>("button:not([type=button])")) one.disabled = isBusy;
}

root.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.dataset.verb) return;
  event.preventDefault();
  const { verb, mends } = form.dataset;
  const isSecond = form.getAttribute("aria-busy") === "true" || queue.all().some((one) => one.verb === verb && ["finish", "sign"].includes(verb));
  if (isSecond || (fields(form).length && !isTyped(form) && !mends)) return;
  if (verb === "bag" && mends) hidden(form, "number").value = String(Math.min(Number(hidden(form, "number").value), Number(shown().dataset.next)));
  const entry = entryOf(form);
  waitedFromBefore = false;
  try {
    if (mends) queue.replace(mends, entry);
    else queue.add(entry);
  } catch {
    return form.submit(); // this device keeps nothing more: as without scripts
  }
  typing?.drop(slotOf(form));
  release(form);
  if (verb === "bag") fields(form)[0]?.focus();
  if (verb === "turnout") fields(form)[0]?.blur();
  if (form === correction) correctionLink(hidden(form, "entry").value)?.focus();
  busy(form, true);
  draw();
  tell();
  void flush().finally(() => busy(form, false));
});

function answer(first: Sent, asked: DOMStringMap): void {
  const { problem: _told, ...entry } = first;
  const number = Number(entry.payload.number);
  const next = Number(shown().dataset.next);
  if ("sure" in asked) {
    const reason = part<HTMLInputElement>("[data-reason] input");
    const isAsked = reason.offsetParent !== null;
    reason.value = reason.value.trim();
    if (isAsked && !reason.reportValidity()) return;
    queue.replace(entry.key, confirmed(entry, first.problem?.entry, isAsked ? reason.value : ""));
  }
  if ("another" in asked) {
    queue.renumber(entry.key, next, 1);
    moveDraft(next, 1);
    queue.replace(entry.key, { ...entry, said: entry.said.replace(String(number), String(next)), payload: { ...entry.payload, number: next } });
  }
  if ("drop" in asked) {
    if (entry.verb === "bag" && number >= next) {
      queue.renumber(entry.key, number, -1);
      moveDraft(number + 1, -1);
    }
    queue.remove(entry.key);
    for (const form of forms().filter((one) => one.dataset.mends === entry.key)) {
      typing?.drop(slotOf(form));
      release(form);
    }
  }
}

/** The bag that is being typed moves with those that wait. */
function moveDraft(from: number, by: number): void {
  const number = hidden(bag, "number");
  const draft = typing?.get("bag");
  if (draft && Number(draft.values.number) >= from) draft.values.number = String(Number(draft.values.number) + by);
  if (bag.dataset.mends || !isTyped(bag) || Number(number.value) < from) return;
  number.value = String(Number(number.value) + by);
  remember(bag);
}

root.addEventListener("click", (event) => {
  const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>("button[type=button], [data-correct], [data-leave]") : null;
  if (!pressed) return;
  const asked = pressed.dataset;
  const first = queue.first();
  if ("correct" in asked) {
    event.preventDefault();
    correct(pressed);
    fields(correction)[0]?.focus();
  } else if ("leave" in asked) {
    event.preventDefault();
    typing?.drop(slotOf(correction));
    if (correction.dataset.mends && first) queue.replace(first.key, { ...first, isMending: false });
    release(correction);
  } else if ("renumber" in asked) {
    hidden(bag, "number").value = String(nextBag());
    remember(bag);
  } else if ("empty" in asked) {
    typing?.drop(slotOf(bag));
    release(bag);
    fields(bag)[0]?.focus();
  } else if (first && ("mend" in asked || "there" in asked)) mend(first, { isAsked: true });
  else if (first) answer(first, asked);
  draw();
  tell();
  void flush();
});

root.addEventListener("input", (event) => {
  const input = event.target;
  const form = input instanceof HTMLInputElement ? input.form : null;
  if (!form?.dataset.verb) return;
  check(input as HTMLInputElement);
  sum(form, words, bagOf(form));
  busy(form, false);
  remember(form);
  if (form === bag) drawBag();
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

/** What was typed and not sent comes back, each in its form, with its panel open. */
function restore(): void {
  for (const form of forms().filter((one) => isTyped(one))) remember(form);
  for (const slot of typing!.slots().filter((one) => !one.includes("@"))) {
    const [verb, ...of] = slot.split(":");
    const link = verb === "correct" ? correctionLink(of.join(":")) : null;
    if (link) correct(link);
    const form = forms().find((one) => one.dataset.verb === verb && slotOf(one) === slot);
    if (!form || form === correction) continue;
    fill(form, typing!.get(slot)!.values);
    reopen(form);
  }
  for (const slot of typing!.slots().filter((one) => one.includes("@"))) {
    if (!queue.all().some((one) => slot.endsWith(`@${one.key}`))) typing!.drop(slot); // saved or abandoned in another tab
  }
  const first = queue.first();
  if (first?.isMending) mend(first, { isAsked: false });
}

function lost(): void {
  isOffline = true;
  draw();
}

const lookAgain = (): void => {
  if (words.kept === undefined) void keepPage(words.worker!).then((isKept) => isKept && (words.kept = ""), () => undefined);
  if (!document.hidden) look().then(() => (queue.first() && !isShut ? flush() : undefined), lost);
};

if (problem.hidden) for (const note of root.querySelectorAll("[data-no-script]")) note.remove();
if (location.search) history.replaceState(null, "", location.pathname);
const seen = localStorage.getItem(standingPlace) ?? "";
const lastOf = (html: string): number => Number(/data-last="(\d+)"/.exec(html)?.[1] ?? 0);
if (lastOf(seen) > Number(shown().dataset.last)) show(seen); // the page that a device keeps may be older than what it saw last
draw();
typing = await Typing.open(place);
restore();
draw();
tell();
words.ready = "";
window.addEventListener("online", () => void flush());
window.addEventListener("storage", () => {
  draw();
  tell();
});
document.addEventListener("visibilitychange", lookAgain);
window.setInterval(lookAgain, LOOK_EVERY_MS);
lookAgain();
