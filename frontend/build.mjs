// Bundles the entries of frontend/src into static files. Run by `make install`.
// frontend/src/<app>/<page>.entry.ts|css becomes build/<app>/<page>.js|css, loaded by the pages that ask for it.
import { readdirSync } from "node:fs";
import { build } from "esbuild";

const entries = readdirSync("frontend/src", { recursive: true }).filter((path) => /\.entry\.(ts|css)$/.test(path));

await build({
  entryPoints: [
    ...["frontend/src/arobase.ts", "frontend/src/arobase.css"].map((path) => ({ in: path, out: "arobase" })),
    ...entries.map((path) => ({ in: `frontend/src/${path}`, out: path.replace(/\.entry\.(ts|css)$/, "") })),
    { in: "node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", out: "atlas/map-worker" }, // a script of its own: it runs beside the page
  ],
  outdir: "src/arobase/web/static/build",
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  loader: { ".woff2": "file" },
  assetNames: "[name]",
  logLevel: "warning",
});
