// Builds the committed bundles, or compares them with a fresh build, or builds the tests.
//
//   node build.mjs            write ../static/seal.js, stretch.js, leave.js, the desk's desk.js and
//                             marking.js, and the page in ../../audit/ that checks publications
//   node build.mjs --compare  exit 1 unless they are what the sources give
//   node build.mjs --tests    write build/NAME.test.mjs for each test, and build/letters.mjs

import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { chdir, exit } from "node:process";
import { gzipSync } from "node:zlib";

import { build } from "esbuild";

// Names in the bundle's comments are relative to this folder, wherever it lies.
chdir(import.meta.dirname);
const BUNDLES = {
  "../static/seal.js": "src/main.ts",
  "../static/stretch.js": "src/stretch.ts",
  "../static/leave.js": "src/leave.ts",
  "../../review/desk/static/desk.js": "src/desk.ts",
  "../../review/desk/static/marking.js": "src/marking.ts",
};
const PAGES = {
  "../../audit/publication.html": { page: "pages/publication", source: "src/publication_page.ts" },
};

const shared = { bundle: true, charset: "utf8", target: "es2022", logLevel: "warning" };

async function bundle(outfile, source) {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: [source],
    format: "iife", // a page names it in a plain <script defer>, or makes a Worker of it
    legalComments: "inline",
    outfile,
    write: false,
  });
  return outputFiles[0].contents;
}

// One file that asks for nothing else and may run and draw just what stands in it.
async function page(outfile, { page, source }) {
  const script = new TextDecoder().decode(await bundle(`${outfile}.js`, source));
  const style = await readFile(`${page}.css`, "utf8");
  // Either would end or change the element around it.
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error(`${outfile}: not inert`);
  const policy =
    `default-src 'none'; script-src '${hash(script)}'; style-src '${hash(style)}'; ` +
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
  const parts = { policy, script, style };
  const html = await readFile(`${page}.html`, "utf8");
  return Buffer.from(html.replace(/\{(policy|script|style)\}/g, (_, name) => parts[name]));
}

function hash(text) {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}

async function built() {
  return [
    ...(await Promise.all(Object.entries(BUNDLES).map(async ([f, s]) => [f, await bundle(f, s)]))),
    ...(await Promise.all(Object.entries(PAGES).map(async ([f, p]) => [f, await page(f, p)]))),
  ];
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
    for (const [file, content] of await built()) {
      await writeFile(file, content);
      const packed = gzipSync(content, { level: 9 });
      console.log(`${file}: ${content.length} bytes, ${packed.length} gzipped`);
    }
    break;
  }
  case "--compare":
    for (const [file, content] of await built()) {
      if (Buffer.compare(content, await readFile(file)) !== 0) {
        console.error(`${file} is not what its sources give: npm run build`);
        exit(1);
      }
    }
    break;
  case "--tests":
    await tests();
    break;
  default:
    exit(2);
}
