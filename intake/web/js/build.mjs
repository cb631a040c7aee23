// Builds the committed bundle, or compares it with a fresh build, or builds the tests.
//
//   node build.mjs            write ../static/seal.js
//   node build.mjs --compare  exit 1 unless ../static/seal.js is what the sources give
//   node build.mjs --tests    write build/NAME.test.mjs for each test, and build/letters.mjs

import { readdir, readFile } from "node:fs/promises";
import { chdir, exit } from "node:process";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

// Names in the bundle's comments are relative to this folder, wherever it lies.
chdir(import.meta.dirname);
const BUNDLE = "../static/seal.js";

const shared = { bundle: true, charset: "utf8", target: "es2022", logLevel: "warning" };

async function bundle() {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: ["src/main.ts"],
    format: "iife", // the page names it in a plain <script defer>
    legalComments: "inline",
    outfile: BUNDLE,
    write: false,
  });
  return outputFiles[0].contents;
}

async function tests() {
  const names = (await readdir("tests")).filter((name) => /\.ts$/.test(name));
  await build({
    ...shared,
    entryPoints: names.map((name) => `tests/${name}`),
    format: "esm",
    platform: "node",
    outdir: "build",
    outExtension: { ".js": ".mjs" },
  });
}

switch (process.argv[2]) {
  case undefined: {
    const { writeFile } = await import("node:fs/promises");
    const content = await bundle();
    await writeFile(BUNDLE, content);
    console.log(`${content.length} bytes, ${gzipSync(content, { level: 9 }).length} gzipped`);
    break;
  }
  case "--compare":
    if (Buffer.compare(await bundle(), await readFile(BUNDLE)) !== 0) {
      console.error("static/seal.js is not what its sources give: npm run build");
      exit(1);
    }
    break;
  case "--tests":
    await tests();
    break;
  default:
    exit(2);
}
