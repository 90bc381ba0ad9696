// How the ground looks: our own tiles in the colours of the page, by day and by night.
import type { FeatureCollection } from "geojson";
import type { ExpressionSpecification, StyleSpecification, SymbolLayerSpecification } from "maplibre-gl";
import { iconName } from "./symbols";
import type { Laureate } from "./state";
import { colour } from "./texts";

export const LAUREATES = "laureates";
export const GROUND = "ground";
const [FEW, MANY] = [300, 900];

export const features = (laureates: Laureate[]): FeatureCollection => ({
  type: "FeatureCollection",
  features: laureates.map((one) => ({
    type: "Feature",
    geometry: { type: "Point", coordinates: [one.lon, one.lat] },
    properties: { id: one.id, name: one.name, level: one.level ?? 0, icon: iconName(one.level, one.kind) },
  })),
});

const state = (name: string): ExpressionSpecification => ["feature-state", name];
const isTown = (zoom: number, least: number): [number, ExpressionSpecification] => [zoom, [">=", ["get", "pop"], least]];

/** Discs grow with the zoom, from smaller ones where many share the view of all France. */
export function discSize(number: number): ExpressionSpecification {
  const least = number > MANY ? 0.38 : number > FEW ? 0.52 : 0.68;
  return ["interpolate", ["linear"], ["zoom"], 3.5, least, 6, least + 0.2, 9, 1, 12, 1.15];
}

/** Names by population; what the canvas draws, for there is no server of letters. */
const towns = {
  type: "symbol",
  source: GROUND,
  "source-layer": "points",
  filter: [
    "step", ["zoom"],
    [">=", ["get", "pop"], 250000],
    ...isTown(6, 120000), ...isTown(7, 50000), ...isTown(8, 20000), ...isTown(9, 8000), ...isTown(10, 2000), ...isTown(11, 0),
  ] as unknown as ExpressionSpecification,
  layout: {
    "icon-image": [
      "concat", "label-",
      ["step", ["get", "pop"], "1", 8000, "2", 50000, "3", 250000, "4"],
      "-", ["get", "nom"],
    ],
    "icon-anchor": "top",
    "icon-offset": [0, 7],
    "icon-padding": 3,
    "symbol-sort-key": ["-", 0, ["get", "pop"]],
  },
} satisfies Omit<SymbolLayerSpecification, "id">;

export function style(tiles: string, laureates: Laureate[], attribution: string): StyleSpecification {
  const [paper, ink, rule, quiet] = [colour("--paper"), colour("--ink"), colour("--rule"), colour("--ink-quiet")];
  const level = (n: number) => colour(`--level-${n}`);
  const ground = { source: GROUND } as const;
  return {
    version: 8,
    sources: {
      [GROUND]: {
        type: "vector",
        url: `pmtiles://${tiles}`,
        promoteId: { communes: "code", departements: "code", regions: "code" },
        attribution,
      },
      [LAUREATES]: { type: "geojson", data: features(laureates), promoteId: "id" },
    },
    layers: [
      { id: "water", type: "background", paint: { "background-color": colour("--water") } },
      { id: "neighbours", type: "fill", ...ground, "source-layer": "land", paint: { "fill-color": colour("--neighbour") } },
      {
        id: "coast",
        type: "line",
        ...ground,
        "source-layer": "regions",
        paint: { "line-color": quiet, "line-width": ["interpolate", ["linear"], ["zoom"], 4, 1.2, 9, 2], "line-opacity": 0.45 },
      },
      { id: "land", type: "fill", ...ground, "source-layer": "regions", paint: { "fill-color": colour("--land") } },
      {
        id: "communes",
        type: "fill",
        ...ground,
        "source-layer": "communes",
        minzoom: 7.5,
        paint: {
          "fill-color": [
            "match",
            ["coalesce", state("level"), -1],
            ...[0, 1, 2, 3, 4, 5].flatMap((n) => [n, level(n)]),
            paper,
          ] as unknown as ExpressionSpecification,
          "fill-opacity": [
            "interpolate", ["linear"], ["zoom"],
            7.5, 0,
            8.5, ["case", ["==", state("share"), "own"], 0.55, ["==", state("share"), "member"], 0.2, 0],
          ],
        },
      },
      {
        id: "communes-lines",
        type: "line",
        ...ground,
        "source-layer": "communes",
        minzoom: 8,
        paint: {
          "line-color": rule,
          "line-width": ["interpolate", ["linear"], ["zoom"], 8, 0.3, 11, 0.9],
          "line-opacity": ["interpolate", ["linear"], ["zoom"], 8, 0, 9, 0.8],
        },
      },
      {
        id: "departements",
        type: "line",
        ...ground,
        "source-layer": "departements",
        paint: {
          "line-color": rule,
          "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.5, 7, 1, 10, 1.8],
        },
      },
      {
        id: "regions",
        type: "line",
        ...ground,
        "source-layer": "regions",
        layout: { "line-join": "round" },
        paint: {
          "line-color": quiet,
          "line-opacity": 0.45,
          "line-width": ["interpolate", ["linear"], ["zoom"], 4, 0.7, 8, 1.6],
        },
      },
      { ...towns, id: "towns", minzoom: 7 }, // below the discs: they keep their place, names give way
      {
        id: LAUREATES,
        type: "symbol",
        source: LAUREATES,
        layout: {
          "icon-image": ["get", "icon"],
          "icon-size": discSize(laureates.length),
          "icon-allow-overlap": true,
          "icon-ignore-placement": ["step", ["zoom"], true, 7, false],
          "symbol-sort-key": ["get", "level"],
        },
      },
      {
        id: "laureates-chosen",
        type: "circle",
        source: LAUREATES,
        paint: {
          "circle-radius": 21,
          "circle-color": "transparent",
          "circle-stroke-color": ink,
          "circle-stroke-width": ["case", ["boolean", state("chosen"), false], 2.5, 0],
        },
      },
      { ...towns, id: "cities", maxzoom: 7 },
      {
        id: "laureates-names",
        type: "symbol",
        source: LAUREATES,
        minzoom: 7.5,
        layout: {
          "icon-image": ["concat", "label-5-", ["get", "name"]],
          "icon-anchor": "top",
          "icon-offset": [0, 14],
          "icon-padding": 2,
          "symbol-sort-key": ["-", 0, ["get", "level"]],
        },
      },
    ],
  };
}
