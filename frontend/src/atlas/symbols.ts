// The images of the map, drawn here: a level's disc with the swash of an @ around its number, and the names of towns.
import { colour } from "./texts";

const RATIO = 2;
const FACE = '"Atkinson Hyperlegible Next", system-ui, sans-serif';
const RADII = [10, 10.5, 11.5, 12.5, 14, 15.5];
const LABELS = { 1: [400, 11.5], 2: [450, 12.5], 3: [550, 14], 4: [650, 16], 5: [650, 13] } as const;

export const LEVELS = [0, 1, 2, 3, 4, 5] as const;
export const iconName = (level: number | null, kind: string) => `level-${level ?? 0}${isWide(kind) ? "-wide" : ""}`;
const isWide = (kind: string) => ["epci", "department", "departement", "region", "collectivity"].includes(kind);

type Image = { width: number; height: number; data: Uint8ClampedArray };

function canvas(width: number, height: number): CanvasRenderingContext2D {
  const drawn = document.createElement("canvas");
  drawn.width = Math.ceil(width * RATIO);
  drawn.height = Math.ceil(height * RATIO);
  const context = drawn.getContext("2d", { willReadFrequently: true })!;
  context.scale(RATIO, RATIO);
  return context;
}

const taken = (context: CanvasRenderingContext2D): Image =>
  context.getImageData(0, 0, context.canvas.width, context.canvas.height) as Image;

/** Black or white, whichever reads better on a colour. */
function inkOn(ground: string): string {
  const context = canvas(1, 1);
  context.fillStyle = ground;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  const [r, g, b] = [red, green, blue].map((part) => ((part / 255 + 0.055) / 1.055) ** 2.4) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.2 ? "#1a1611" : "#fffdf8";
}

/** A disc (a tile with round corners for what is wider than a town): colour and number both tell the level. */
export function levelImage(level: number, wide: boolean): Image {
  const radius = RADII[level]!;
  const size = 2 * radius + 5;
  const context = canvas(size, size);
  const ground = colour(`--level-${level}`);
  const ink = inkOn(ground);
  context.translate(size / 2, size / 2);
  context.beginPath();
  if (wide) context.roundRect(-radius, -radius, 2 * radius, 2 * radius, radius * 0.45);
  else context.arc(0, 0, radius, 0, 2 * Math.PI);
  context.fillStyle = ground;
  context.shadowColor = "rgb(0 0 0 / 35%)";
  context.shadowBlur = 2 * RATIO;
  context.shadowOffsetY = 0.5 * RATIO;
  context.fill();
  context.shadowColor = "transparent";
  context.strokeStyle = colour("--paper");
  context.lineWidth = 1.25;
  context.stroke();
  // the swash: open at the lower right, its end drawn in as on an @
  const swash = radius - 2.4;
  context.beginPath();
  context.arc(0, 0, swash, 0.33 * Math.PI, 2.02 * Math.PI);
  context.quadraticCurveTo(swash * 0.96, swash * 0.42, swash * 0.7, swash * 0.42);
  context.strokeStyle = ink;
  context.lineWidth = 1.3;
  context.lineCap = "round";
  if (level === 0) context.setLineDash([1.5, 2.2]);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = ink;
  context.font = `750 ${(radius * 1.05).toFixed(1)}px ${FACE}`;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText(level ? String(level) : "?", -0.2, radius * 0.38);
  return taken(context);
}

/** The image of `label-<size>-<name>`, size 1–4 for towns and 5 for laureates. */
export function labelImage(id: string): Image | null {
  const [, size, name] = /^label-(\d)-(.+)$/.exec(id) ?? [];
  if (!size || !name) return null;
  const [weight, pixels] = LABELS[Number(size) as keyof typeof LABELS];
  const font = `${weight} ${pixels}px ${FACE}`;
  const measure = canvas(1, 1);
  measure.font = font;
  const width = Math.ceil(measure.measureText(name).width) + 8;
  const context = canvas(width, pixels * 1.5);
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3;
  context.strokeStyle = colour("--land");
  context.strokeText(name, width / 2, pixels * 0.75);
  context.fillStyle = colour(size === "5" || size === "4" ? "--ink" : "--ink-quiet");
  context.fillText(name, width / 2, pixels * 0.75);
  return taken(context);
}

/** Draw the letters of the labels only once their font is here. */
export const fontReady = () =>
  Promise.all([400, 600].map((weight) => document.fonts.load(`${weight} 14px ${FACE}`, "Épinal 12345"))).catch(() => []);

export const PIXEL_RATIO = RATIO;
