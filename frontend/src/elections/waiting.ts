// What a device holds of a polling station: entries that wait to be sent, in order, and what is typed and not sent yet.
export interface Problem {
  kind: string;
  lines: string[];
  field: string;
  entry: number | null;
}
export interface Sent {
  key: string;
  verb: string;
  payload: Record<string, unknown>;
  said: string; // in words, for the list of what waits, on whatever page it is read
  sure?: boolean;
  problem?: Problem;
  isMending?: boolean;
}
export interface Draft {
  values: Record<string, string>;
  said: string;
}
export type Drafts = Record<string, Draft>;

const PREFIX = "arobase:";
const DRAFTS = ":drafts:";
const ANSWERED_WITHIN_MS = 600; // by a tab behind others, on an old phone
const RELEASED_WITHIN_MS = 3000; // the name of a tab that is being loaded again, by the page before

export const placeOf = (address: string): string => PREFIX + address;

export const read = <T>(key: string, other: T): T => JSON.parse(localStorage.getItem(key) ?? "null") ?? other;
const write = (key: string, value: unknown): void => localStorage.setItem(key, JSON.stringify(value));

/** The queue of a station; tabs of one device share it, so that it is read again before each change. */
export class Waiting {
  constructor(private readonly place: string) {}

  all = (): Sent[] => read<Sent[]>(this.place, []);
  first = (): Sent | undefined => this.all()[0];
  bags = (): number[] => this.all().flatMap((one) => (one.verb === "bag" ? [Number(one.payload.number)] : []));
  add = (entry: Sent): void => write(this.place, [...this.all(), entry]);
  remove = (key: string): void => write(this.place, this.all().filter((one) => one.key !== key));

  /** Another entry in the place of one that waits; at the end where that one is gone. */
  replace(key: string, entry: Sent): void {
    const waiting = this.all();
    if (!waiting.some((one) => one.key === key)) return this.add(entry);
    write(this.place, waiting.map((one) => (one.key === key ? entry : one)));
  }

  /** Number the bags again that wait behind an entry. */
  renumber(behind: string, from: number, by: number): void {
    let isBehind = false;
    const moved = this.all().map((one) => {
      const number = Number(one.payload.number);
      const moves = isBehind && one.verb === "bag" && number >= from;
      isBehind ||= one.key === behind;
      return moves ? { ...one, said: one.said.replace(String(number), String(number + by)), payload: { ...one.payload, number: number + by } } : one;
    });
    write(this.place, moved);
  }
}

/** What is typed in this tab. What a tab left that is no more (closed, crashed) comes here; what another types stays its own. */
export class Typing {
  private drafts: Drafts;

  private constructor(
    private readonly place: string,
    private readonly tab: string,
    private readonly left: string[],
  ) {
    this.drafts = read<Drafts>(this.key(), {});
    this.inherit();
  }

  static async open(place: string): Promise<Typing> {
    const known = sessionStorage.getItem(place);
    const tabs = Object.keys(localStorage).filter((key) => key.startsWith(place + DRAFTS)).map((key) => key.slice((place + DRAFTS).length));
    const tab = known && (await taken(place, known)) ? known : random(); // a tab that was duplicated brings the name of the other
    if (tab !== known) await taken(place, tab);
    sessionStorage.setItem(place, tab);
    const others = await living(place, new Set(tabs.filter((one) => one !== tab)));
    return new Typing(place, tab, tabs.filter((one) => one !== tab && !others.has(one)));
  }

  get = (slot: string): Draft | undefined => this.drafts[slot];
  slots = (): string[] => Object.keys(this.drafts);

  set(slot: string, draft: Draft): void {
    this.drafts[slot] = draft;
    write(this.key(), this.drafts);
  }

  drop(slot: string): void {
    delete this.drafts[slot];
    if (this.slots().length) write(this.key(), this.drafts);
    else localStorage.removeItem(this.key());
    this.inherit();
  }

  private key = (tab = this.tab): string => this.place + DRAFTS + tab;

  /** Take what other tabs left, a form at a time: of two bags, the second one comes when the first one is done. */
  private inherit(): void {
    for (const key of this.left.map((tab) => this.key(tab))) {
      const left = read<Drafts>(key, {});
      for (const slot of Object.keys(left).filter((one) => !this.drafts[one])) {
        this.set(slot, left[slot]!);
        delete left[slot];
      }
      if (Object.keys(left).length) write(key, left);
      else localStorage.removeItem(key);
    }
  }
}

/** All that was not sent, by the address it would be sent to. */
export function unsent(): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const key of Object.keys(localStorage).filter((one) => /^arobase:\/elections\/\d+\/saisie\/[^/]+\/envoi(:drafts:|$)/.test(one))) {
    const address = key.slice(PREFIX.length).split(DRAFTS)[0]!;
    const said = key.includes(DRAFTS) ? Object.values(read<Drafts>(key, {})) : read<Sent[]>(key, []);
    if (said.length) found.set(address, [...(found.get(address) ?? []), ...said.map((one) => one.said)]);
  }
  return found;
}

// Not crypto.randomUUID: a town's own machine may serve plain http, where browsers do not have it.
export function random(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
}

/** Take the name of a tab for as long as this page lives; false where another page has it. */
async function taken(place: string, tab: string): Promise<boolean> {
  if (!navigator.locks) {
    const isFree = !(await asked(place, new Set([tab]))).size;
    if (isFree) answerFor(place, tab);
    return isFree;
  }
  const patience = new AbortController();
  setTimeout(() => patience.abort(), RELEASED_WITHIN_MS);
  return new Promise((tell) => {
    const forLife = (): Promise<never> => (tell(true), new Promise(() => {}));
    navigator.locks.request(place + DRAFTS + tab, { signal: patience.signal }, forLife).catch(() => tell(false));
  });
}

/** Which of some tabs are on this station now. */
async function living(place: string, tabs: Set<string>): Promise<Set<string>> {
  if (!navigator.locks) return asked(place, tabs);
  const held = new Set((await navigator.locks.query()).held?.map(({ name }) => name));
  return new Set([...tabs].filter((tab) => held.has(place + DRAFTS + tab)));
}

/** The same over plain http, where browsers keep no locks: asked at once, and waited for where there are any. */
async function asked(place: string, tabs: Set<string>): Promise<Set<string>> {
  const found = new Set<string>();
  if (!tabs.size) return found;
  const channel = new BroadcastChannel(place);
  await new Promise<void>((done) => {
    channel.onmessage = ({ data }: MessageEvent<{ tab?: string }>) => {
      if (data.tab && tabs.has(data.tab)) found.add(data.tab);
      if (found.size === tabs.size) done();
    };
    channel.postMessage({ who: true });
    setTimeout(done, ANSWERED_WITHIN_MS);
  });
  channel.close();
  return found;
}

function answerFor(place: string, tab: string): void {
  const channel = new BroadcastChannel(place);
  channel.onmessage = ({ data }: MessageEvent<{ who?: boolean }>) => data.who && channel.postMessage({ tab });
}
