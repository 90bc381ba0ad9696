// What is asked for and what came back: the filters' form, the address, and the two requests they lead to.

export type Laureate = {
  id: string;
  code: string;
  kind: string;
  name: string;
  lon: number;
  lat: number;
  level: number | null;
  distinctions: string[];
  years: number[];
  url: string;
  members?: string[];
};
export type Found = { laureates: Laureate[]; known: number; total: number | null; year: number | null };
export type Camera = { zoom: number; lat: number; lon: number };

/** The form as a query string, what is empty left out, with the order of the list as it was. */
export function queryOf(form: HTMLFormElement, before: URLSearchParams): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string" && value) query.append(name, value);
  const order = before.get("tri");
  if (order) query.set("tri", order);
  return query;
}

/** Let the form say what a query string asks. */
export function fill(form: HTMLFormElement, query: URLSearchParams) {
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") {
      field.checked = query.getAll(field.name).includes(field.value);
    } else if (field instanceof HTMLInputElement || field instanceof HTMLSelectElement) {
      field.value = query.get(field.name) ?? "";
    }
  }
}

/** #zoom/lat/lon of an address; null when it holds none. */
export function cameraOf(hash: string): Camera | null {
  const [zoom, lat, lon] = hash.slice(1).split("/").map(Number);
  if (zoom === undefined || lat === undefined || lon === undefined) return null;
  return [zoom, lat, lon].every(Number.isFinite) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
}

export const hashOf = ({ zoom, lat, lon }: Camera) => `#${zoom.toFixed(2)}/${lat.toFixed(4)}/${lon.toFixed(4)}`;

/** Asks for the map's laureates and the list; a question overtaken by a newer one is dropped. */
export class Answers {
  #running: AbortController | null = null;

  constructor(
    private readonly laureates: string,
    private readonly results: string,
  ) {}

  /** The laureates alone, for a list that is there already. */
  async first(query: URLSearchParams): Promise<Found> {
    const good = await answer(`${this.laureates}?${choosing(query)}`);
    return placed((await good.json()) as Found);
  }

  /** null when a newer question overtook this one. Throws when the network or the server fails. */
  async ask(query: URLSearchParams): Promise<{ found: Found; list: string } | null> {
    this.#running?.abort();
    const running = (this.#running = new AbortController());
    try {
      const [found, list] = await Promise.all([
        answer(`${this.laureates}?${choosing(query)}`, running.signal).then((good) => good.json() as Promise<Found>).then(placed),
        answer(`${this.results}?${query}`, running.signal).then((good) => good.text()),
      ]);
      return running.signal.aborted ? null : { found, list };
    } catch (failure) {
      if (running.signal.aborted) return null;
      throw failure;
    }
  }
}

/** Without those whose place nobody knows: the list has them. */
const placed = (found: Found): Found => ({ ...found, laureates: found.laureates.filter((one) => one.lon !== null && one.lat !== null) });

/** What chooses laureates, without what only sorts and cuts the list. */
function choosing(query: URLSearchParams): URLSearchParams {
  const chosen = new URLSearchParams(query);
  for (const name of ["page", "tri"]) chosen.delete(name);
  return chosen;
}

async function answer(url: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(url, { signal: signal ?? null });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}
