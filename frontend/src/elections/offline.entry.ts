// Beside the page of a polling station: opens it again without a network, as it was when the server last sent it.
interface Asked extends Event {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Waiting extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Beside {
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const beside = self as unknown as Beside;
const KEPT = "arobase-elections";
const PATIENCE_MS = 6000;
const PAGE = /^\/elections\/\d+\/saisie\/[^/]+$/;

self.addEventListener("install", (event) => (event as Waiting).waitUntil(beside.skipWaiting()));
self.addEventListener("activate", (event) => (event as Waiting).waitUntil(caches.delete(KEPT).then(() => beside.clients.claim())));
self.addEventListener("fetch", (event) => {
  const { request } = event as Asked;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" ? PAGE.test(pathname) : pathname.startsWith("/static/")) (event as Asked).respondWith(answered(request));
});

/** The server's answer; without one, or when it is long in coming, what is kept. */
async function answered(request: Request): Promise<Response> {
  const kept = await caches.open(KEPT);
  const old = await kept.match(request, { ignoreSearch: true, ignoreVary: true });
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok) await kept.put(new URL(request.url).pathname, answer.clone());
    else if (answer.status < 500) await kept.delete(request, { ignoreSearch: true, ignoreVary: true }); // no longer this device's page
    return answer;
  });
  if (!old) return fresh;
  const patience = new Promise<Response>((told) => setTimeout(told, PATIENCE_MS, old));
  return Promise.race([fresh.catch(() => old), patience]);
}

export {};
