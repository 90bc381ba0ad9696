// The words of the interface, in the page's language: attributes and templates of atlas/map_texts.html.
const texts = document.querySelector<HTMLTemplateElement>("#map-texts");

/** A sentence by its name; # stands for what is put in. */
export const text = (name: string, put = "") => (texts?.dataset[name] ?? "").replace("#", put);

/** A fresh copy of a part of the interface. */
export function part(name: string): HTMLElement {
  const template = document.querySelector<HTMLTemplateElement>(`#map-${name}`);
  if (!template) throw new Error(`The page has no template map-${name}`);
  return template.content.firstElementChild!.cloneNode(true) as HTMLElement;
}

/** The child that a template names with data-part. */
export const child = <Kind extends HTMLElement = HTMLElement>(within: HTMLElement, name: string): Kind =>
  within.querySelector<Kind>(`[data-part="${name}"]`)!;

export const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const motion = window.matchMedia("(prefers-reduced-motion: reduce)");
