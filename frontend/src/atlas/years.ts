// The slider of the years, with all of them at its left end, and the button that goes through them one by one.
import { child, motion, part, text } from "./texts";

const PACE_MS = 1400;

export class Years {
  readonly element = part("years");
  readonly #range = child<HTMLInputElement>(this.element, "range");
  readonly #output = child<HTMLOutputElement>(this.element, "output");
  readonly #button = child<HTMLButtonElement>(this.element, "play");
  #timer = 0;

  /** choose(year): null for all of them; its promise ends when the map shows them. */
  constructor(
    private readonly years: number[],
    private readonly choose: (year: number | null) => Promise<void>,
  ) {
    this.#range.max = String(years.length);
    this.#range.addEventListener("input", () => {
      this.#stop();
      this.#say();
      void this.choose(this.year);
    });
    this.#button.addEventListener("click", () => (this.#timer ? this.#stop() : this.#start()));
    this.#stop();
  }

  get year(): number | null {
    return this.years[Number(this.#range.value) - 1] ?? null;
  }

  /** Follow what was chosen elsewhere. */
  show(year: number | null) {
    this.#range.value = String(year === null ? 0 : this.years.indexOf(year) + 1);
    this.#say();
  }

  #say() {
    const said = this.year === null ? text("allYears") : String(this.year);
    this.#output.textContent = said;
    this.#range.setAttribute("aria-valuetext", said);
  }

  #start() {
    if (Number(this.#range.value) >= this.years.length) this.#range.value = "0";
    this.#button.textContent = text("pause");
    this.#button.setAttribute("aria-pressed", "true");
    this.#timer = window.setTimeout(() => void this.#step(), 0);
  }

  #stop() {
    window.clearTimeout(this.#timer);
    this.#timer = 0;
    this.#button.textContent = text("play");
    this.#button.setAttribute("aria-pressed", "false");
  }

  async #step() {
    this.#range.value = String(Number(this.#range.value) + 1);
    this.#say();
    await this.choose(this.year);
    if (!this.#timer) return;
    if (Number(this.#range.value) >= this.years.length) return this.#stop();
    this.#timer = window.setTimeout(() => void this.#step(), motion.matches ? 2 * PACE_MS : PACE_MS);
  }
}
