// Builds static/build/: app.css, app.js, charts.js, operators.js and icons.svg. `--watch` rebuilds css and js on change.
import { spawn } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { icons } from "./icons.js";

const root = new URL("..", import.meta.url);
const path = (relative) => fileURLToPath(new URL(relative, root));
const watch = process.argv.includes("--watch");

async function buildIcons() {
  const symbols = await Promise.all(
    icons.map(async (name) => {
      const svg = await readFile(path(`node_modules/heroicons/24/outline/${name}.svg`), "utf8");
      const shapes = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>")).trim();
      return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
    }),
  );
  const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
  await writeFile(path("static/build/icons.svg"), sprite);
}

async function buildStyles() {
  const args = [
    path("node_modules/@tailwindcss/cli/dist/index.mjs"),
    "--input", path("frontend/css/app.css"),
    "--output", path("static/build/app.css"),
    watch ? "--watch=always" : "--minify",
  ];
  const child = spawn(process.execPath, args, { cwd: path("."), stdio: "inherit" });
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`tailwindcss ended with ${code}`);
}

async function buildScripts() {
  const options = {
    entryPoints: ["app", "charts", "operators"].map((name) => path(`frontend/js/${name}.js`)),
    outdir: path("static/build"),
    bundle: true,
    minify: !watch,
    target: "es2022",
    legalComments: "eof",
    logLevel: "info",
  };
  if (watch) await (await esbuild.context(options)).watch();
  else await esbuild.build(options);
}

await rm(path("static/build"), { recursive: true, force: true });
await mkdir(path("static/build"), { recursive: true });
await Promise.all([buildIcons(), buildStyles(), buildScripts()]);
