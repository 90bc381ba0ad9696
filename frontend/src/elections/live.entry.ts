// A night as it comes in: pushed by server-sent events, asked for where nothing can be pushed.
const root = document.querySelector<HTMLElement>("[data-night]");
const figures = document.getElementById("figures");
const stations = document.getElementById("stations");
const state = root?.querySelector<HTMLElement>("[data-state]");
const ASK_EVERY_MS = 5000;
const STATIONS_EVERY_MS = 5000;
const ALOUD_EVERY_MS = 30_000;
const aloud = root?.querySelector<HTMLElement>("[data-aloud]");
const known = new Map<string, string>();
let asking: number | undefined;
let stationsDue = 0;
let aloudDue = 0;

function say(text: string): void {
  if (!state) return;
  state.textContent = text;
  state.hidden = !text;
}

function put(place: HTMLElement | null, html: string): void {
  if (!place) return;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const open = [...place.querySelectorAll<HTMLDetailsElement>("details[data-keep][open]")].map((one) => one.dataset.keep);
  for (const one of fresh.querySelectorAll<HTMLDetailsElement>("details[data-keep]")) one.open = open.includes(one.dataset.keep);
  place.replaceChildren(...fresh.body.childNodes);
  if (place === figures) tellAloud();
}

/** Whoever listens hears the headline now and then: of a large town, bags come faster than one can speak. */
function tellAloud(): void {
  if (!aloud || aloudDue) return;
  aloudDue = window.setTimeout(() => {
    aloudDue = 0;
    aloud.textContent = figures?.querySelector(".lead")?.textContent ?? "";
  }, ALOUD_EVERY_MS);
}

/** A part of the page, unless it is the one shown already. */
async function ask(address: string, place: HTMLElement | null): Promise<void> {
  const etag = known.get(address);
  const answer = await fetch(address, { headers: etag ? { "If-None-Match": etag } : {}, cache: "no-store" });
  if (answer.status === 304) return;
  if (!answer.ok) throw new Error(String(answer.status));
  known.set(address, answer.headers.get("ETag") ?? "");
  put(place, await answer.text());
}

/** The list of stations is long: asked for at most every few seconds, and not at the same instant by everybody. */
function stationsChanged(): void {
  const address = root?.dataset.stations;
  if (!address || stationsDue) return;
  stationsDue = window.setTimeout(
    () => {
      stationsDue = 0;
      ask(address, stations).catch(() => undefined);
    },
    STATIONS_EVERY_MS * (0.5 + Math.random() / 2),
  );
}

function askNowAndThen(): void {
  if (asking !== undefined) return;
  asking = window.setInterval(() => {
    const address = root?.dataset.figures;
    if (!address) return;
    ask(address, figures).then(() => say(""), () => say(root?.dataset.offline ?? ""));
    stationsChanged();
  }, ASK_EVERY_MS);
}

function stopAsking(): void {
  window.clearInterval(asking);
  asking = undefined;
}

function follow(address: string): void {
  if (!("EventSource" in window)) return askNowAndThen();
  const source = new EventSource(address);
  source.addEventListener("open", () => {
    stopAsking();
    say("");
  });
  source.addEventListener("figures", (event) => {
    put(figures, (JSON.parse((event as MessageEvent<string>).data) as { figures: string }).figures);
    stationsChanged();
  });
  source.addEventListener("error", askNowAndThen); // the browser goes on trying; meanwhile we ask
}

if (root?.dataset.stream) follow(root.dataset.stream);

export {};
