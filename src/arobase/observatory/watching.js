// Runs before any script of a page, in each of its frames: says what is kept and which calls tell devices apart.
// Nothing it says holds a value; what a call gives is left as it is.
(() => {
  const tell = window["__NAME__"];
  if (!tell) return;
  delete window["__NAME__"];
  const MOST = 50; // times that one call of one script is told
  const counts = new Map();
  const { href } = location;

  const caller = () => {
    const before = Error.stackTraceLimit;
    Error.stackTraceLimit = 40;
    const stack = String(new Error().stack || "");
    Error.stackTraceLimit = before;
    return (/https?:\/\/[^\s)]+/.exec(stack) || [href])[0];
  };
  const say = (what, api, key = "") => {
    const by = caller();
    const seen = `${api} ${key} ${by.split("/")[2]}`;
    const count = (counts.get(seen) || 0) + 1;
    counts.set(seen, count);
    if (count > MOST) return;
    try {
      tell({ what, api, key: String(key).slice(0, 200), by }).catch(() => {});
    } catch {} // the frame is going away
  };

  // A function that says so and then does what it did.
  const replaced = (original, before) =>
    new Proxy(original, {
      apply: (target, self, args) => (before(args, self), Reflect.apply(target, self, args)),
      construct: (target, args, kind) => (before(args, null), Reflect.construct(target, args, kind)),
    });
  const wrap = (owner, name, before) => {
    const found = owner && Object.getOwnPropertyDescriptor(owner, name);
    if (!found || !found.configurable) return;
    for (const part of ["value", "get"])
      if (typeof found[part] === "function") found[part] = replaced(found[part], before);
    Object.defineProperty(owner, name, found);
  };
  const calls = (owner, api, ...names) => {
    for (const name of names) wrap(owner, name, () => say("fingerprint", `${api}.${name}`));
  };
  const { prototype: none } = class {};
  const of = (name) => (window[name] || {}).prototype || none;

  let local = null;
  try {
    local = window.localStorage;
  } catch {} // a frame without storage of its own
  wrap(of("Storage"), "setItem", ([key], self) => say("storage", self === local ? "localStorage" : "sessionStorage", key));
  wrap(of("IDBFactory"), "open", ([name]) => say("storage", "indexedDB", name));
  wrap(of("CacheStorage"), "open", ([name]) => say("storage", "cache", name));
  wrap(of("CookieStore"), "set", ([one]) => say("cookie", "cookieStore", (one && one.name) || one));
  const cookie = Object.getOwnPropertyDescriptor(of("Document"), "cookie");
  if (cookie && cookie.set) {
    cookie.set = replaced(cookie.set, ([text]) => say("cookie", "document.cookie", String(text).split(/[=;]/)[0].trim()));
    Object.defineProperty(of("Document"), "cookie", cookie);
  }

  calls(of("HTMLCanvasElement"), "canvas", "toDataURL", "toBlob");
  calls(of("OffscreenCanvas"), "canvas", "convertToBlob");
  calls(of("CanvasRenderingContext2D"), "canvas", "getImageData");
  calls(of("OffscreenCanvasRenderingContext2D"), "canvas", "getImageData");
  for (const name of ["WebGLRenderingContext", "WebGL2RenderingContext"]) {
    calls(of(name), "webgl", "getSupportedExtensions");
    wrap(of(name), "getParameter", ([what]) =>
      say("fingerprint", what === 37445 || what === 37446 ? "webgl.getParameter(unmasked)" : "webgl.getParameter"));
  }
  for (const name of ["AudioContext", "webkitAudioContext", "OfflineAudioContext", "webkitOfflineAudioContext"])
    wrap(window, name, () => say("fingerprint", name.replace("webkit", "")));
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection"])
    wrap(window, name, () => say("fingerprint", "RTCPeerConnection"));
  calls(of("Navigator"), "navigator", "plugins", "mimeTypes", "hardwareConcurrency", "deviceMemory", "getBattery");
  calls(of("MediaDevices"), "mediaDevices", "enumerateDevices");
  calls(of("FontFaceSet"), "fonts", "check");
  calls(window, "fonts", "queryLocalFonts");

  const FONTS = 20; // a page that writes measures a few; one that looks for what is installed, many
  const fonts = new Set();
  wrap(of("CanvasRenderingContext2D"), "measureText", (_args, self) => {
    fonts.add(self && self.font);
    if (fonts.size === FONTS) say("fingerprint", "fonts.measureText");
  });
})();
