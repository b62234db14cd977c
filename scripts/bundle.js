// Bundles the pages: scripts/bundle-pages says when. For each page there are its HTML, one sheet of
// styles, and its modules in a few files, minified, under names with a hash of what they hold, with
// maps that lead back to static/. What compresses is there compressed too.
//
// manifest.json has the hashes of what went in and of what came out. A test of the server compares
// them, so that neither a change in static/ nor one by hand in bundle/ is forgotten.

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants, gunzipSync, gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = ['front', 'chat', 'race', 'line', 'class', 'document', 'missing'];
const ICON = 'static/shared/icon.svg';
/** Where the server serves bundle/. */
const SERVED_AT = '/assets/';

const SHEET = /^ *<link rel="stylesheet" href="\/(static\/[^"]+)">\n/gm;
const SCRIPT = /<script type="module" src="\/(static\/[^"]+)"><\/script>/;

const COMMON = {
  absWorkingDir: ROOT, outdir: 'bundle', bundle: true, minify: true, write: false, metafile: true,
  target: 'esnext', logLevel: 'warning',
};

/** A browser loads maps only for its developer tools: their size costs no reader anything. */
const MAPS = { sourcemap: 'linked', sourcesContent: false };

/** A licence asks to be kept with what it covers; the mark is what the bundler knows it by. */
const LICENCES = {
  name: 'licences',
  setup: (build) => build.onLoad({ filter: /vendor.*\.js$/ }, async ({ path: file }) => {
    const contents = (await readFile(file)).toString();
    return { contents: contents.startsWith('/**') ? contents.replace('/**', '/*!') : `${await licenceBeside(file)}\n${contents}` };
  }),
};

/** Of a file that does not name its own. */
const licenceBeside = async (/** @type {string} */ file) => `/*!\n${await readFile(path.join(path.dirname(file), 'LICENSE'))}*/`;

const hash = (/** @type {Uint8Array | string} */ bytes) => createHash('sha256').update(bytes).digest('hex');
const source = (/** @type {string} */ file) => readFile(path.join(ROOT, file));

/** All files of bundle/, by name, and the sources that they were made of. */
async function bundle() {
  const made = { files: new Map(), sources: new Set([ICON, 'scripts/bundle.js', 'package-lock.json']) };
  const icon = await source(ICON);
  const iconName = `icon-${hash(icon).slice(0, 8).toUpperCase()}.svg`;
  made.files.set(iconName, icon);
  const pages = await Promise.all(PAGES.map(readPage));
  const scripts = await bundleScripts(pages, made);
  for (const page of pages) {
    const sheet = page.sheets.length ? await bundleSheets(page, made) : null;
    made.files.set(`${page.name}.html`, Buffer.from(html(page, { sheet, iconName, scripts: scripts.get(page.name) ?? [] })));
  }
  return made;
}

/** @param {string} name */
async function readPage(name) {
  const file = `static/${name}/${name}.html`;
  const text = (await source(file)).toString();
  return { name, file, text, sheets: [...text.matchAll(SHEET)].map(([, sheet]) => sheet), script: text.match(SCRIPT)?.[1] };
}

/**
 * The modules of all pages, with what they share in files of their own; by page, the names of what it
 * loads at once, its own first.
 */
async function bundleScripts(pages, made) {
  const withScripts = pages.filter(({ script }) => script);
  const entryPoints = Object.fromEntries(withScripts.map(({ name, script }) => [name, script]));
  const result = await build({
    ...COMMON, ...MAPS, plugins: [LICENCES], entryPoints, format: 'esm', splitting: true, entryNames: '[name]-[hash]', chunkNames: 'part-[hash]',
  });
  take(result, made);
  const { outputs } = result.metafile;
  const isOf = (script) => Object.keys(outputs).find((name) => outputs[name].entryPoint === script);
  return new Map(withScripts.map(({ name, script }) => [name, loadedAtOnce(isOf(script), outputs).map((file) => path.basename(file))]));
}

/** A file and all that it imports, but for what it imports only when needed. */
function loadedAtOnce(file, outputs, found = new Set()) {
  found.add(file);
  for (const { path: other, kind } of outputs[file].imports) {
    if (kind === 'import-statement' && !found.has(other)) loadedAtOnce(other, outputs, found);
  }
  return [...found];
}

/** The sheets of a page as one, in their order; its name. */
async function bundleSheets({ name, file, sheets }, made) {
  const contents = sheets.map((sheet) => `@import "./${sheet}";`).join('\n');
  const stdin = { contents, loader: 'css', resolveDir: ROOT, sourcefile: file };
  const result = await build({ ...COMMON, stdin, entryNames: `${name}-[hash]` });
  take(result, made);
  return path.basename(result.outputFiles[0].path);
}

function take({ outputFiles, metafile }, { files, sources }) {
  for (const { path: file, contents } of outputFiles) files.set(path.basename(file), contents);
  for (const input of Object.keys(metafile.inputs)) sources.add(input);
}

/** The page with what was made in place of what it named. Every part is asked for at once, and not one after the other. */
function html({ text }, { sheet, iconName, scripts: [script, ...parts] }) {
  const lines = sheet ? [`<link rel="stylesheet" href="${SERVED_AT}${sheet}">`] : [];
  if (script) {
    lines.push(...parts.map((part) => `<link rel="modulepreload" href="${SERVED_AT}${part}">`));
    lines.push(`<script type="module" src="${SERVED_AT}${script}"></script>`);
  }
  return text
    .replace(SHEET, '')
    .replace(SCRIPT, '')
    .replace(`/${ICON}`, SERVED_AT + iconName)
    .replace('</head>', `${lines.join('\n')}\n</head>`)
    .replace(/^\s+/gm, '');
}

const PACKED = {
  '.br': {
    pack: (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
    unpack: brotliDecompressSync,
  },
  '.gz': { pack: (bytes) => gzipSync(bytes, { level: 9 }), unpack: gunzipSync },
};

/** Maps are for developer tools, which do not mind. */
const isPacked = (name) => !name.endsWith('.map');

/** What is to be in bundle/, without what is packed. */
async function wanted() {
  const { files, sources } = await bundle();
  const hashes = await Promise.all([...sources].sort().map(async (file) => [file, hash(await source(file))]));
  const manifest = {
    sources: Object.fromEntries(hashes),
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, hash(bytes)]).sort()),
  };
  return new Map([...files, ['manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)]]);
}

async function write() {
  const folder = path.join(ROOT, 'bundle');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder);
  for (const [name, bytes] of await wanted()) {
    await writeFile(path.join(folder, name), bytes);
    for (const packed of packedNames(name)) await writeFile(path.join(folder, packed), PACKED[path.extname(packed)].pack(bytes));
  }
}

const packedNames = (name) =>
  name === 'manifest.json' || !isPacked(name) ? [] : Object.keys(PACKED).map((ending) => name + ending);

/** Another Node may pack to other bytes, so what is packed is compared unpacked. */
async function check() {
  const files = await wanted();
  const present = await readdir(path.join(ROOT, 'bundle')).catch(() => []);
  const wrong = [];
  const due = [...files.keys()].flatMap((name) => [name, ...packedNames(name)]);
  for (const name of new Set([...due, ...present])) {
    const ending = path.extname(name);
    const packed = PACKED[ending];
    const meant = files.get(packed ? name.slice(0, -ending.length) : name);
    const bytes = await source(`bundle/${name}`).catch(() => null);
    const isRight = meant && bytes && Buffer.compare(packed ? packed.unpack(bytes) : bytes, meant) === 0;
    if (!isRight) wrong.push(name);
  }
  if (wrong.length === 0) return;
  console.error(`bundle/ is not of these sources: run scripts/bundle-pages (${wrong.join(', ')})`);
  process.exitCode = 1;
}

await (process.argv.includes('--check') ? check() : write());
