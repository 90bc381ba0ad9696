// Ticking a box puts it out at once: the same page is asked for, and its result takes the place of the one shown.
const form = document.querySelector<HTMLFormElement>("form[data-outage]");
const result = document.getElementById("outage-result");
let latest: AbortController | undefined;

async function show(address: string): Promise<void> {
  latest?.abort();
  const asked = (latest = new AbortController());
  result?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(address, { signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("outage-result");
    if (!answer.ok || !fresh || !result) throw new Error(String(answer.status));
    result.replaceChildren(...fresh.childNodes);
    history.replaceState(null, "", address);
  } catch {
    if (!asked.signal.aborted) location.assign(address); // let the browser say what is wrong
  } finally {
    if (latest === asked) result?.removeAttribute("aria-busy");
  }
}

form?.addEventListener("change", () => {
  const filled = [...new FormData(form)].map(([name, value]) => [name, String(value)]).filter(([, value]) => value);
  const chosen = new URLSearchParams(filled);
  void show(`${form.action}?${chosen}`);
});

export {};
