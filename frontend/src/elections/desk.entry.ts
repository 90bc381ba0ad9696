// The desk renews itself: the same page is asked for, and its stations take the place of those shown.
const EVERY_MS = 15_000;
const desk = document.getElementById("desk");

/** Someone is about to do something: what they type must not vanish under their fingers. */
function isBusy(shown: HTMLElement): boolean {
  const typed = [...shown.querySelectorAll<HTMLInputElement>("input[name=why]")].some((one) => one.value !== "");
  return typed || Boolean(document.activeElement?.closest("#desk form"));
}

async function renew(shown: HTMLElement): Promise<void> {
  if (document.hidden || isBusy(shown)) return;
  const answer = await fetch(shown.dataset.desk ?? "", { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("desk");
  if (!answer.ok || !fresh || isBusy(shown)) return;
  const open = [...shown.querySelectorAll("details[open]")].map((one) => one.id);
  const focused = document.activeElement?.closest("#desk details")?.id;
  shown.replaceChildren(...fresh.childNodes);
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  if (focused) document.getElementById(focused)?.querySelector("summary")?.focus({ preventScroll: true });
}

if (desk) setInterval(() => void renew(desk).catch(() => undefined), EVERY_MS);

export {};
