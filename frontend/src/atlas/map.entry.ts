// The atlas by sight: takes over from the drawn map where WebGL works, and keeps form, list, map and address in step.
import {
  AttributionControl,
  LngLatBounds,
  Map as MapView,
  type MapLayerMouseEvent,
  NavigationControl,
  ScaleControl,
  addProtocol,
  setWorkerUrl,
} from "maplibre-gl";
import { Protocol } from "pmtiles";
import { Card } from "./card";
import { Answers, type Found, type Laureate, cameraOf, fill, hashOf, queryOf } from "./state";
import { GROUND, LAUREATES, discSize, features, style } from "./style";
import { LEVELS, PIXEL_RATIO, fontReady, labelImage, levelImage } from "./symbols";
import { child, colour, motion, part, text } from "./texts";
import { Years } from "./years";

const REACH_PX = 8;
const TYPING_MS = 350;
const SMALL_PX = 640;

const page = document.querySelector<HTMLElement>("#map");
const form = document.querySelector<HTMLFormElement>("#filters");
const list = document.querySelector<HTMLElement>("#results");
const picture = document.querySelector<HTMLElement>("#picture");

if (page?.dataset.tiles && form && list) {
  if (hasWebGL()) void hydrate(page, form, list);
  else explain();
}

function hasWebGL(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

/** The drawn map stays, with a sentence why. */
function explain() {
  const said = document.createElement("p");
  said.className = "note atlas-note";
  said.textContent = text("withoutWebgl");
  picture?.append(said);
}

async function hydrate(page: HTMLElement, form: HTMLFormElement, list: HTMLElement) {
  const { tiles = "", laureates: source = "", bounds = "", years = "", worker = "" } = page.dataset;
  const results = page.dataset.results ?? "/atlas/resultats";
  const [west = -5.5, south = 41.2, east = 9.8, north = 51.3] = bounds.split(",").map(Number);
  const france: [number, number, number, number] = [west, south, east, north];
  const answers = new Answers(source, results);
  const address = new URL(tiles, location.href).href;
  const credit = page.dataset.credit ?? text("credit");
  let known: Laureate[] = [];
  let query = new URLSearchParams(location.search);

  setWorkerUrl(new URL(worker, location.href).href);
  addProtocol("pmtiles", new Protocol().tile);
  await fontReady();

  const stage = document.createElement("div");
  stage.className = "atlas-stage";
  const message = part("message");
  page.append(stage, message);
  page.classList.add("is-coming");
  page.hidden = false;

  const start = cameraOf(location.hash);
  const map = new MapView({
    container: stage,
    style: style(address, known, credit),
    ...(start ? { center: [start.lon, start.lat], zoom: start.zoom } : { bounds: france }),
    fitBoundsOptions: { padding: 12 },
    minZoom: 3.5,
    maxZoom: 13,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    attributionControl: false,
    fadeDuration: motion.matches ? 0 : 150,
    cooperativeGestures: window.matchMedia("(pointer: coarse)").matches,
    locale: {
      "Map.Title": text("title"),
      "NavigationControl.ZoomIn": text("zoomIn"),
      "NavigationControl.ZoomOut": text("zoomOut"),
      "AttributionControl.ToggleAttribution": text("credits"),
      "ScaleControl.Meters": "m",
      "ScaleControl.Kilometers": "km",
      "CooperativeGesturesHandler.MobileHelpText": text("twoFingers"),
      "CooperativeGesturesHandler.WindowsHelpText": text("wheel"),
      "CooperativeGesturesHandler.MacHelpText": text("wheel"),
    },
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), "top-right");
  map.addControl(new ScaleControl({ maxWidth: 90 }), "bottom-left");
  map.addControl(new AttributionControl({ compact: window.innerWidth < SMALL_PX }), "bottom-right");

  const drawLevels = () => {
    for (const level of LEVELS) {
      map.addImage(`level-${level}`, levelImage(level, false), { pixelRatio: PIXEL_RATIO });
      map.addImage(`level-${level}-wide`, levelImage(level, true), { pixelRatio: PIXEL_RATIO });
    }
  };
  map.setMissingStyleImageResolver((id) => {
    const image = labelImage(id);
    if (image && !map.hasImage(id)) map.addImage(id, image, { pixelRatio: PIXEL_RATIO });
  });
  map.on("style.load", () => {
    drawLevels();
    shade();
  });

  /** Colour the communes that are laureates, and lightly those of an intercommunality that is. */
  function shade() {
    map.removeFeatureState({ source: GROUND, sourceLayer: "communes" });
    const paint = (code: string, level: number | null, share: string) =>
      map.setFeatureState({ source: GROUND, sourceLayer: "communes", id: code }, { level: level ?? 0, share });
    for (const one of known) for (const code of one.members ?? []) paint(code, one.level, "member");
    for (const one of known) if (one.kind === "commune") paint(one.code, one.level, "own");
  }

  // The card

  let chosen: string[] = [];
  const card = new Card(() => mark([]));
  function mark(ids: string[]) {
    for (const id of chosen) map.removeFeatureState({ source: LAUREATES, id });
    for (const id of ids) map.setFeatureState({ source: LAUREATES, id }, { chosen: true });
    chosen = ids;
  }
  function openAt(x: number, y: number) {
    const box: [[number, number], [number, number]] = [[x - REACH_PX, y - REACH_PX], [x + REACH_PX, y + REACH_PX]];
    const ids = new Set(map.queryRenderedFeatures(box, { layers: [LAUREATES] }).map((one) => String(one.properties.id)));
    const here = known.filter((one) => ids.has(one.id)).sort((one, other) => (other.level ?? 0) - (one.level ?? 0));
    if (here.length === 0) return card.close();
    card.open(here, map.getCanvas());
    mark(here.map((one) => one.id));
  }
  map.on("click", (event: MapLayerMouseEvent) => openAt(event.point.x, event.point.y));
  map.on("mouseenter", LAUREATES, () => (map.getCanvas().style.cursor = "pointer"));
  map.on("mouseleave", LAUREATES, () => (map.getCanvas().style.cursor = ""));
  map.getCanvas().addEventListener("keydown", (event) => {
    if (event.key === "Escape") card.close();
    if (event.key !== "Enter") return;
    event.preventDefault();
    const near = nearestToCentre();
    if (!near) return;
    card.open([near], map.getCanvas());
    mark([near.id]);
  });
  /** For who has no pointer: the laureate closest to the cross in the middle. */
  function nearestToCentre(): Laureate | undefined {
    const [middle, view] = [map.project(map.getCenter()), map.getBounds()];
    const far = (one: Laureate) => map.project([one.lon, one.lat]).dist(middle);
    return known.filter((one) => view.contains([one.lon, one.lat])).sort((one, other) => far(one) - far(other))[0];
  }

  // Form, list and address

  const remember = () => {
    const asked = query.toString();
    const { lng, lat } = map.getCenter();
    const hash = moved ? hashOf({ zoom: map.getZoom(), lat, lon: lng }) : "";
    history.replaceState(history.state, "", `${location.pathname}${asked ? `?${asked}` : ""}${hash}`);
  };
  let moved = start !== null;
  map.on("movestart", (event) => {
    if ("originalEvent" in event && event.originalEvent) moved = true;
  });
  map.on("moveend", remember);
  window.addEventListener("hashchange", () => {
    const camera = cameraOf(location.hash);
    if (camera) map.jumpTo({ center: [camera.lon, camera.lat], zoom: camera.zoom });
  });

  function show(found: Found) {
    known = found.laureates;
    map.getSource<import("maplibre-gl").GeoJSONSource>(LAUREATES)?.setData(features(known));
    if (map.getLayer(LAUREATES)) map.setLayoutProperty(LAUREATES, "icon-size", discSize(known.length));
    if (map.isStyleLoaded() || map.getSource(GROUND)) shade();
  }

  async function refresh({ fly = false } = {}): Promise<void> {
    list.setAttribute("aria-busy", "true");
    try {
      const answer = await answers.ask(query);
      if (!answer) return;
      card.close();
      list.innerHTML = answer.list;
      show(answer.found);
      message.hidden = true;
      remember();
      if (fly) flyTo(known);
    } catch {
      message.hidden = false; // the old result stays
    }
    list.removeAttribute("aria-busy");
  }
  child(message, "retry").addEventListener("click", () => void refresh());

  function flyTo(laureates: Laureate[]) {
    if (laureates.length === 0) return;
    const around = new LngLatBounds();
    for (const one of laureates) around.extend([one.lon, one.lat]);
    const wide = around.getEast() - around.getWest() > 25;
    moved = true;
    map.fitBounds(wide ? france : around, { padding: 60, maxZoom: 10, animate: !motion.matches });
  }

  const yearField = form.querySelector<HTMLInputElement | HTMLSelectElement>("[name=annee]");
  const yearOf = () => (/^\d+$/.test(query.get("annee") ?? "") ? Number(query.get("annee")) : null);
  const player = new Years(years.split(",").filter(Boolean).map(Number), async (year) => {
    if (yearField) yearField.value = year === null ? "" : String(year);
    query = queryOf(form, query);
    if (year === null) query.delete("annee");
    else query.set("annee", String(year));
    await refresh();
  });
  player.show(yearOf());

  const follow = (event: Event) => {
    const before = query;
    query = queryOf(form, query);
    player.show(yearOf());
    const narrowed = ["q", "region", "departement"].some((name) => query.get(name) && query.get(name) !== before.get(name));
    event.preventDefault();
    void refresh({ fly: narrowed });
  };
  let typing = 0;
  form.addEventListener("submit", follow);
  form.addEventListener("change", follow);
  form.addEventListener("input", (event) => {
    if (!(event.target instanceof HTMLInputElement) || !["search", "text"].includes(event.target.type)) return;
    window.clearTimeout(typing);
    typing = window.setTimeout(() => follow(event), TYPING_MS);
  });
  list.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[href]") : null;
    if (!link || link.pathname !== location.pathname || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    query = new URLSearchParams(link.search);
    fill(form, query);
    player.show(yearOf());
    void refresh().then(() => list.scrollIntoView({ block: "start" }));
  });

  // Going somewhere: buttons of the page, and a territory chosen in a search field

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-fly]") : null;
    if (!button) return;
    event.preventDefault();
    const [lon = 0, lat = 0, zoom = 8] = button.dataset.fly!.split(",").map(Number);
    moved = true;
    map.flyTo({ center: [lon, lat], zoom, animate: !motion.matches });
    stage.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("territory-chosen", (event) => {
    const { url } = (event as CustomEvent<{ url: string }>).detail;
    if (!(event.target instanceof Element) || !event.target.closest("main")) return;
    event.preventDefault();
    void goTo(url);
  });
  async function goTo(url: string) {
    const one = known.find((laureate) => laureate.url === url);
    if (one) return flyTo([one]);
    const answer = await fetch(`${url}/contour.geojson`).catch(() => null);
    if (!answer?.ok) return location.assign(url);
    const around = new LngLatBounds();
    for (const point of points(await answer.json())) around.extend(point);
    moved = true;
    map.fitBounds(around, { padding: 60, maxZoom: 11, animate: !motion.matches });
  }

  // The map as a picture

  function download() {
    map.once("render", () => {
      const drawn = map.getCanvas();
      const sheet = document.createElement("canvas");
      const line = Math.round(22 * devicePixelRatio);
      sheet.width = drawn.width;
      sheet.height = drawn.height + 2 * line;
      const context = sheet.getContext("2d")!;
      context.fillStyle = colour("--paper");
      context.fillRect(0, 0, sheet.width, sheet.height);
      context.drawImage(drawn, 0, 0);
      context.fillStyle = colour("--ink");
      context.font = `${line * 0.6}px "Atkinson Hyperlegible Next", sans-serif`;
      context.fillText([text("title"), player.year ?? text("allYears")].join(" · "), line / 2, drawn.height + line * 0.8);
      context.fillStyle = colour("--ink-quiet");
      context.fillText(credit, line / 2, drawn.height + line * 1.65, sheet.width - line);
      sheet.toBlob((blob) => {
        if (!blob) return;
        const link = document.createElement("a");
        link.href = URL.createObjectURL(blob);
        link.download = `${["arobase", player.year].filter(Boolean).join("-")}.png`;
        link.click();
        URL.revokeObjectURL(link.href);
      });
    });
    map.triggerRepaint();
  }

  // Day and night

  const redraw = () => map.setStyle(style(address, known, credit), { diff: false });
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  window.addEventListener("themechange", redraw);

  const tools = part("tools");
  child(tools, "download").addEventListener("click", download);
  const cross = document.createElement("div");
  cross.className = "atlas-cross";
  cross.setAttribute("aria-hidden", "true");
  stage.append(cross, card.element);
  page.prepend(player.element);
  page.append(tools);

  await Promise.all([
    new Promise((ready) => map.once("load", ready)),
    answers.first(query).then(show).catch(() => (message.hidden = false)),
  ]);
  if (window.innerWidth < SMALL_PX) stage.querySelector(".maplibregl-ctrl-attrib")?.classList.remove("maplibregl-compact-show");
  page.classList.remove("is-coming");
  if (picture) picture.hidden = true;
  for (const button of document.querySelectorAll<HTMLElement>("[data-fly]")) button.hidden = false;
  map.resize();
  if (!moved) map.fitBounds(france, { padding: 12, animate: false });
  page.dataset.ready = "";
}

function* points(value: unknown): Generator<[number, number]> {
  if (Array.isArray(value)) {
    if (typeof value[0] === "number") yield [value[0], value[1] as number];
    else for (const inner of value) yield* points(inner);
  } else if (value && typeof value === "object") {
    for (const name of ["features", "geometry", "geometries", "coordinates"]) yield* points((value as Record<string, unknown>)[name]);
  }
}
