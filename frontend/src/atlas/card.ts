// What one place of the map says: a panel that opens by click or by Enter, closes by Escape, and gives the focus back.
import type { Laureate } from "./state";
import { child, part, text } from "./texts";

const MOST = 12;

export class Card {
  readonly element = part("card");
  #opener: HTMLElement | null = null;

  constructor(private readonly onClose: () => void) {
    this.element.hidden = true;
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
    });
    child(this.element, "close").addEventListener("click", () => this.close());
  }

  get isOpen() {
    return !this.element.hidden;
  }

  open(laureates: Laureate[], opener: HTMLElement) {
    this.#opener = opener;
    const shown = laureates.slice(0, MOST).map(entry);
    if (laureates.length > MOST) {
      const more = document.createElement("li");
      more.textContent = text("more", String(laureates.length - MOST));
      shown.push(more);
    }
    child(this.element, "entries").replaceChildren(...shown);
    this.element.setAttribute("aria-label", laureates[0]?.name ?? "");
    this.element.hidden = false;
    this.element.scrollTop = 0;
    this.element.focus();
  }

  close() {
    if (!this.isOpen) return;
    this.element.hidden = true;
    this.onClose();
    this.#opener?.focus({ preventScroll: true });
  }
}

function entry(laureate: Laureate): HTMLElement {
  const item = part("entry");
  const link = child<HTMLAnchorElement>(item, "name");
  link.href = laureate.url;
  link.textContent = laureate.name;
  for (const rings of item.querySelectorAll<HTMLElement>("[data-rings]")) {
    rings.hidden = rings.dataset.rings !== String(laureate.level ?? 0);
  }
  const [latest, ...earlier] = [...laureate.years].reverse();
  child(item, "year").textContent = text("label", String(latest));
  const history = child(item, "history");
  history.textContent = text("earlier", earlier.join(", "));
  history.hidden = earlier.length === 0;
  const distinctions = child(item, "distinctions");
  distinctions.textContent = laureate.distinctions.join(" · ");
  distinctions.hidden = laureate.distinctions.length === 0;
  return item;
}
