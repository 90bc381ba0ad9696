// The dossier's fields, saved one by one as they are written. Each field has one save in flight at most, so that none
// overtakes another; what the server has not taken yet stays in this browser until it has.

export {}; // a module of its own

type Pending = { value: string; base: number };
type Answer = { version?: number; at?: string; problem?: string; theirs?: string; by?: string; overtaken?: boolean };
type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const WAIT_MS = 600;
const RETRY_MS = [1_000, 3_000, 10_000, 30_000];

const form = document.querySelector<HTMLFormElement>("form[data-autosave]")!;
const words = form.dataset;
const saveStatus = form.querySelector<HTMLElement>("[data-save-status]")!;
const client = crypto.getRandomValues(new Uint32Array(4)).join("-").slice(0, 40);
const store = `arobase:${words.key}`;
const waiting = new Map<string, number>();
const flying = new Set<string>();
const stuck = new Set<string>();
let pending: Record<string, Pending> = JSON.parse(localStorage.getItem(store) ?? "{}");
let sequence = 0;
let failures = 0;
let lastSaved = "";
let isSignedOut = false;

const controlOf = (name: string) => form.elements.namedItem(name) as Control | null;
const noteOf = (control: Control) => document.getElementById(`${control.id}-note`)!;
const cookie = (name: string) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1] ?? "";

function keep() {
  if (Object.keys(pending).length) localStorage.setItem(store, JSON.stringify(pending));
  else localStorage.removeItem(store);
  tell();
}

function tell() {
  const number = Object.keys(pending).length;
  const left = isSignedOut ? words.signedOut! : words.offline!.replace("#", String(number));
  saveStatus.textContent = number && (failures || isSignedOut) ? left : number ? words.saving! : lastSaved;
  saveStatus.classList.toggle("warning", Boolean(number && (failures || isSignedOut)));
}

function changed(control: Control) {
  if (!control.dataset.version) return;
  pending[control.name] = { value: control.value, base: Number(control.dataset.version) };
  stuck.delete(control.name);
  keep();
  window.clearTimeout(waiting.get(control.name));
  waiting.set(control.name, window.setTimeout(() => void send(control.name), WAIT_MS));
}

async function send(name: string) {
  const save = pending[name];
  const control = controlOf(name);
  if (!save || !control || flying.has(name) || stuck.has(name)) return;
  flying.add(name);
  const body = new URLSearchParams({ field: name, value: save.value, base: control.dataset.version!, client, sequence: String(++sequence) });
  try {
    const answer = await fetch(words.autosave!, { method: "POST", body, redirect: "manual", headers: { "X-CSRFToken": cookie("csrftoken") } });
    if (answer.type === "opaqueredirect" || answer.status === 403) {
      isSignedOut = true;
      tell();
    } else if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    else {
      isSignedOut = false;
      failures = 0;
      taken(name, control, save, answer.status, (await answer.json()) as Answer);
    }
  } catch {
    failures += 1;
    tell();
    window.setTimeout(() => void sendAll(), RETRY_MS[Math.min(failures, RETRY_MS.length) - 1]);
  } finally {
    flying.delete(name);
  }
  if (!failures && !isSignedOut && pending[name] && pending[name] !== save) void send(name);
}

function taken(name: string, control: Control, save: Pending, code: number, answer: Answer) {
  const note = noteOf(control);
  control.removeAttribute("aria-invalid");
  if (code === 409) return ask(name, control, answer);
  if (code >= 400) {
    // Refused as it stands: it stays in the field, and in this browser, until it is written otherwise.
    control.setAttribute("aria-invalid", "true");
    note.textContent = answer.problem ?? "";
    stuck.add(name);
    return tell();
  }
  note.textContent = "";
  if (answer.version !== undefined) agreed(control, save.value, answer.version);
  if (pending[name]?.value === save.value) delete pending[name];
  lastSaved = answer.at ? words.saved!.replace("#", answer.at) : lastSaved;
  keep();
  if (name.includes("initiative-") || !Object.keys(pending).length) refresh();
}

/** What the field and the server agree on, so that the form without scripts starts from the same. */
function agreed(control: Control, value: string, version: number) {
  control.dataset.version = String(version);
  (form.elements.namedItem(`base:${control.name}`) as HTMLInputElement).value = String(version);
  (form.elements.namedItem(`was:${control.name}`) as HTMLInputElement).value = value;
}

function ask(name: string, control: Control, answer: Answer) {
  stuck.add(name);
  const box = noteOf(control);
  const theirs = document.createElement("blockquote");
  theirs.textContent = answer.theirs ?? "";
  const decide = (text: string, act: () => void) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "secondary", textContent: text });
    button.addEventListener("click", () => {
      agreed(control, answer.theirs ?? "", answer.version!);
      stuck.delete(name);
      box.replaceChildren();
      act();
      control.focus();
    });
    return button;
  };
  box.replaceChildren(
    `${words.conflict} ${answer.by ?? ""} ${words.other}`,
    theirs,
    decide(words.mine!, () => changed(control)),
    " ",
    decide(words.theirs!, () => {
      control.value = answer.theirs ?? "";
      delete pending[name];
      keep();
    }),
  );
  tell();
}

async function sendAll() {
  for (const name of Object.keys(pending)) if (!stuck.has(name)) await send(name);
}

let refreshing = 0;
function refresh() {
  window.clearTimeout(refreshing);
  refreshing = window.setTimeout(async () => {
    const progress = document.getElementById("progress");
    if (!progress) return;
    const answer = await fetch(progress.dataset.address!, { redirect: "manual" }).catch(() => null);
    if (answer?.ok) progress.innerHTML = await answer.text(); // our own partial, escaped by the server
  }, 400);
}

// What an earlier visit could not send any more is put back into its field and sent; the server tells of a conflict.
for (const [name, save] of Object.entries(pending)) {
  const control = controlOf(name);
  if (!control?.dataset?.version || control.value === save.value) delete pending[name];
  else {
    control.value = save.value;
    control.dataset.version = String(save.base);
  }
}
keep();
void sendAll();

form.addEventListener("input", (event) => changed(event.target as Control));
form.addEventListener("focusout", (event) => void send((event.target as Control).name));
form.addEventListener("submit", () => localStorage.removeItem(store));
window.addEventListener("online", () => void sendAll());
window.addEventListener("focus", () => isSignedOut && void sendAll());
window.addEventListener("beforeunload", (event) => Object.keys(pending).length && event.preventDefault());
form.dataset.ready = "";
