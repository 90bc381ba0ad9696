// Ticking a box puts it out at once: the same page is asked for, and its result takes the place of the one shown.
const form = document.querySelector<HTMLFormElement>("form[data-outage]");
const said = document.getElementById("outage-said");
const result = document.getElementById("outage-result");
let latest: AbortController | undefined;
let shown = pageOf(location.href);

function pageOf(address: string): string {
  return address.split("#", 1)[0] ?? address;
}

/** Shows an outage: a step of the visit, or one that the visitor goes back to, whose boxes are then ticked again. */
async function show(address: string, step: "forth" | "back"): Promise<void> {
  latest?.abort();
  const asked = (latest = new AbortController());
  result?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = { said: page.getElementById("outage-said"), result: page.getElementById("outage-result") };
    if (!answer.ok || !fresh.said || !fresh.result) throw new Error(String(answer.status));
    said?.replaceChildren(...fresh.said.childNodes);
    result?.replaceChildren(...fresh.result.childNodes);
    document.title = page.title;
    if (step === "forth") history.pushState(null, "", address);
    else form?.replaceChildren(...(page.querySelector("form[data-outage]")?.childNodes ?? []));
    shown = pageOf(location.href);
  } catch {
    if (!asked.signal.aborted) location.assign(address); // let the browser say what is wrong
  } finally {
    if (latest === asked) result?.removeAttribute("aria-busy");
  }
}

form?.addEventListener("change", ({ target }) => {
  const typed = form.querySelector<HTMLInputElement>("input[type=text]"); // sent by Enter or the button, not half-written
  if (target === typed) return;
  const filled = [...new FormData(form)].map(([name, value]) => [name, String(value)]).filter(([, value]) => value);
  const chosen = new URLSearchParams(filled.filter(([name]) => name !== typed?.name));
  void show(`${form.action}?${chosen}`, "forth");
});

window.addEventListener("popstate", () => {
  if (pageOf(location.href) !== shown) void show(location.href, "back");
});

export {};
