// `pnpm count [--root <checkout>]`: how long the sources of the published packages are, and what core and ray export.
// Tests and `src/testing` do not count.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseSync } from 'oxc-parser';

/** How long some source files are. */
interface SourceSize {
  lines: number;
  files: number;
  medianLines: number;
  maxLines: number;
}

/** What an entry of a package exports. */
interface Exports {
  values: string[];
  types: string[];
}

interface SourceFile {
  path: string;
  lines: number;
}

const MAX_FILE_LINES = 300;
const COUNTED_PACKAGES = ['core', 'ray'];

/** The source files of every package that is published, by package. @param root of a checkout */
export function sourceFiles(root: string): Map<string, SourceFile[]> {
  const manifests = globSync('packages/*/package.json', { cwd: root }).toSorted();
  const isPublished = (manifest: string): boolean => !JSON.parse(read(root, manifest)).private;
  return new Map(
    manifests.filter(isPublished).map((manifest) => {
      const folder = dirname(manifest);
      const paths = globSync('src/**/*.ts', { cwd: join(root, folder) })
        .filter((path) => !path.endsWith('.test.ts') && !path.startsWith('src/testing/'))
        .map((path) => join(folder, path));
      return [folder, paths.map((path) => ({ path, lines: read(root, path).split('\n').length - 1 }))];
    }),
  );
}

/** The size of some files together. */
export function sizeOf(files: readonly SourceFile[]): SourceSize {
  const lengths = files.map(({ lines }) => lines).toSorted((a, b) => a - b);
  return {
    lines: lengths.reduce((sum, lines) => sum + lines, 0),
    files: lengths.length,
    medianLines: ((lengths[(lengths.length - 1) >> 1] ?? 0) + (lengths[lengths.length >> 1] ?? 0)) / 2,
    maxLines: lengths.at(-1) ?? 0,
  };
}

/**
 * The names that an index exports by `export { … } from`.
 *
 * @throws {SyntaxError} when it exports in another way, which cannot be counted
 */
export function exportsOf(path: string, text: string): Exports {
  const exports: Exports = { values: [], types: [] };
  const { module } = parseSync(path, text);
  for (const { entries } of module.staticExports) {
    for (const { exportName, isType } of entries) {
      if (exportName.name === null) throw new SyntaxError(`${path} has an export without a name`);
      exports[isType ? 'types' : 'values'].push(exportName.name);
    }
  }
  return exports;
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

function printSizes(root: string): void {
  const row = (name: string, cells: readonly (number | string)[]): string =>
    [name.padEnd(28), ...cells.map((cell) => String(cell).padStart(8))].join('');
  const rowOf = (name: string, files: readonly SourceFile[]): string => {
    const { lines, files: count, medianLines, maxLines } = sizeOf(files);
    return row(name, [lines, count, medianLines, maxLines]);
  };
  const packages = sourceFiles(root);
  const all = [...packages.values()].flat();
  console.log(row('', ['lines', 'files', 'median', 'longest']));
  for (const [name, files] of packages) console.log(rowOf(name, files));
  console.log(rowOf(`${packages.size} packages`, all));
  const long = all.filter(({ lines }) => lines > MAX_FILE_LINES);
  console.log(`\nFiles past ${MAX_FILE_LINES} lines: ${long.length}`);
  for (const { path, lines } of long) console.log(`  ${path} ${lines}`);
}

/** @param entry the index, or what only our own packages import */
function printExports(root: string, entry: 'index' | 'internal'): void {
  const print = (name: string, { values, types }: Exports): void =>
    console.log(`${name.padEnd(14)} ${values.length} values, ${types.length} types`);
  const all: Exports = { values: [], types: [] };
  for (const name of COUNTED_PACKAGES) {
    const path = `packages/${name}/src/${entry}.ts`;
    if (!existsSync(join(root, path))) continue;
    const exports = exportsOf(path, read(root, path));
    print(`${name}/${entry}`, exports);
    all.values.push(...exports.values);
    all.types.push(...exports.types);
  }
  print(`both ${entry}`, all);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { root: { type: 'string', default: dirname(import.meta.dirname) } },
  });
  printSizes(values.root);
  console.log('\nExports:');
  printExports(values.root, 'index');
  printExports(values.root, 'internal');
}
