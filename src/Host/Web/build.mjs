// Builds what the pages load, from styles/, scripts/, images/ and npm packages, into one folder:
//   node build.mjs OUTPUT [FOLDER...]
// Styles are kept for what the Host's pages use, and for .html pages of further folders where some are given.
// A file is called NAME.HASH.EXT after its content, so that a browser may keep it for ever, and lies there as it is,
// as .br and as .gz where that makes it smaller. Host.csproj runs this and embeds the folder into the program.

import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import esbuild from 'esbuild';
import postcss from 'postcss';
import { PurgeCSS } from 'purgecss';

const web = path.dirname(fileURLToPath(import.meta.url));
const host = path.dirname(web);
const output = path.resolve(process.argv[2]);
const packages = path.join(web, 'node_modules');
const target = ['chrome111', 'edge111', 'firefox115', 'safari16.4'];

/** Where pages use classes; the C# beside them may choose one. */
const pages = ['Shell', 'Portal', 'Office', 'SignIn', 'Sandbox'].map(folder => path.join(host, folder))
  .concat(process.argv.slice(3).map(folder => path.resolve(folder)));

const built = new Map();
for (const image of await filesIn(path.join(web, 'images'))) keep(path.basename(image), await readFile(image));
keep('icons.svg', await icons());
for (const script of await filesIn(path.join(web, 'scripts'))) keep(path.basename(script), await bundled(script));
keep('app.css', await styles());
await save();

/** Adds a file under a name with its hash, which is the answer. */
function keep(name, content) {
  const bytes = Buffer.from(content);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 10);
  const { name: stem, ext } = path.parse(name);
  const hashed = `${stem}.${hash}${ext}`;
  built.set(hashed, bytes);
  return hashed;
}

/** Only the icons that icons.txt names, each a symbol of one file. */
async function icons() {
  const names = (await readFile(path.join(web, 'icons.txt'), 'utf8')).split('\n').map(line => line.trim())
    .filter(line => line && !line.startsWith('#'));
  const folder = path.join(packages, '@tabler/icons/icons');
  const symbols = await Promise.all(names.sort().map(async name => {
    const [kind, icon] = name.endsWith('-filled') ? ['filled', name.slice(0, -'-filled'.length)] : ['outline', name];
    const svg = await readFile(path.join(folder, kind, `${icon}.svg`), 'utf8').catch(() => {
      throw new Error(`icons.txt names "${name}", which @tabler/icons does not have.`);
    });
    const shapes = svg.slice(svg.indexOf('>', svg.indexOf('<svg')) + 1, svg.indexOf('</svg>'))
      .replace(/<path stroke="none" d="M0 0h24v24H0z" fill="none"\s*\/>/, '').replace(/\s*\n\s*/g, '');
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes}</symbol>`;
  }));
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`;
}

async function bundled(script) {
  const result = await esbuild.build({
    entryPoints: [script], bundle: true, minify: true, format: 'esm', target, write: false, legalComments: 'none',
  });
  return result.outputFiles[0].text;
}

/** Tabler, cut down to what our pages use, in a layer below our own styles; fonts by their hashed names. */
async function styles() {
  const own = await esbuild.build({
    entryPoints: [path.join(web, 'styles', 'app.css')], bundle: true, write: false, target, plugins: [fonts()],
  });
  const whole = `@layer tabler{${await purgedTabler()}}\n${own.outputFiles[0].text}`;
  const withAuto = postcss([followSystem]).process(whole, { from: undefined }).css;
  return (await esbuild.transform(withAuto, { loader: 'css', minify: true, target, legalComments: 'none' })).code;
}

async function purgedTabler() {
  const { safelist, ...options } = JSON.parse(await readFile(path.join(web, 'purge.json'), 'utf8'));
  const sources = [];
  for (const folder of pages) sources.push(...await filesIn(folder, /\.(razor|cs|html)$/));
  sources.push(...await filesIn(path.join(web, 'scripts')));
  const [purged] = await new PurgeCSS().purge({
    content: sources,
    css: [{ raw: await readFile(path.join(packages, '@tabler/core/dist/css/tabler.css'), 'utf8') }],
    defaultExtractor: text => text.match(/[\w-]+/g) ?? [],
    keyframes: true,
    variables: true,
    safelist,
    ...options,
  });
  return purged.css.replace(/@charset[^;]*;/, '').replace(/\/\*[^]*?\*\//g, '');
}

/** url("font:FILE") is a file of the Inter package; @import "npm:FILE" is a file of any. */
function fonts() {
  return {
    name: 'fonts',
    setup(build) {
      build.onResolve({ filter: /^font:/ }, async found => {
        const file = path.join(packages, '@fontsource-variable/inter/files', found.path.slice('font:'.length));
        return { path: keep(path.basename(file), await readFile(file)), external: true };
      });
      build.onResolve({ filter: /^npm:/ }, found => ({ path: path.join(packages, found.path.slice('npm:'.length)) }));
    },
  };
}

/** What holds for data-bs-theme="dark" holds for "auto" too while the system is dark; paper is never dark. */
function followSystem(root) {
  const dark = /\[data-bs-theme=["']?dark["']?\]/;
  root.walkRules(dark, rule => {
    const selectors = rule.selectors.filter(selector => dark.test(selector))
      .map(selector => selector.replaceAll(new RegExp(dark, 'g'), '[data-bs-theme=auto]'));
    const media = postcss.atRule({ name: 'media', params: 'screen and (prefers-color-scheme: dark)' });
    media.append(rule.clone({ selectors }));
    rule.after(media);
  });
}

async function filesIn(folder, wanted = /./) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = await Promise.all(entries.map(entry => entry.isDirectory()
    ? filesIn(path.join(folder, entry.name), wanted)
    : wanted.test(entry.name) ? [path.join(folder, entry.name)] : []));
  return found.flat().sort();
}

/** Files of an earlier content go; a file that is there has the right content by its name and stays as it is. */
async function save() {
  await mkdir(output, { recursive: true });
  const before = new Set(await readdir(output));
  const after = new Set();
  const write = async (name, make) => {
    after.add(name);
    if (!before.has(name)) await writeFile(path.join(output, name), await make());
  };
  const brotli = promisify(zlib.brotliCompress), gzip = promisify(zlib.gzip);
  const best = size => ({ params: { [zlib.constants.BROTLI_PARAM_SIZE_HINT]: size } });
  for (const [name, bytes] of built) {
    await write(name, () => bytes);
    if (name.endsWith('.woff2')) continue;
    await write(`${name}.br`, () => brotli(bytes, best(bytes.length)));
    await write(`${name}.gz`, () => gzip(bytes, { level: 9 }));
  }
  for (const name of before) if (!after.has(name)) await rm(path.join(output, name));
}
