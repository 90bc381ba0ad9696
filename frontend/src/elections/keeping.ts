/** Lets this page open again without a network: a worker beside it keeps it. False where there are no workers (plain http). */
export async function keepPage(worker: string): Promise<boolean> {
  const workers = navigator.serviceWorker;
  if (!workers) return false;
  await workers.register(worker, { scope: location.pathname });
  const { active } = await workers.ready;
  // Becoming active, the worker throws away what its predecessor kept: what is kept before that is lost.
  if (active?.state === "activating") await new Promise((turned) => active.addEventListener("statechange", turned, { once: true }));
  const parts = [...document.querySelectorAll<HTMLScriptElement>("script[src]")].map((one) => one.src);
  const styles = [...document.querySelectorAll<HTMLLinkElement>("link[rel=stylesheet]")].map((one) => one.href);
  const kept = await caches.open("arobase-elections");
  await kept.addAll([location.pathname, ...parts, ...styles]);
  return true;
}
