// Fails when a package imports against the arrows of arrows.ts, reaches into another package, imports what it does not
// declare, has files that import each other in a circle, or needs Node where a browser must do.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { forTests, type PackageRules, packages } from './arrows.ts';
import { type InternalImport, importCircles } from './import-circles.ts';
import { type ImportUse, readSourceFile } from './source-file.ts';

interface Manifest {
  name: string;
  exports?: Record<string, unknown>;
  imports?: Record<string, unknown>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

interface Workspace {
  root: string;
  rules: Readonly<Record<string, PackageRules>>;
  rootManifest: Manifest;
  /** By package name. */
  manifests: Map<string, Manifest>;
}

const scope = '@raywire/';
const builtins = new Set(builtinModules);
const browserConditions = new Set(['browser', 'import', 'module', 'default']);

/**
 * All violations below `packages/` and `examples/` of a workspace, each one line: where, what, and what to do.
 *
 * @param rules The table of arrows.ts unless given.
 * @throws {SyntaxError} when a source file cannot be parsed
 */
export function checkArrows(
  root: string,
  rules: Readonly<Record<string, PackageRules>> = packages,
): string[] {
  const rootManifest = readManifest(root);
  const names = (pattern: string) => globSync(`${pattern}/*/package.json`, { cwd: root }).map(dirname).sort();
  const folders = names('packages');
  const manifests = new Map(
    folders.map((folder) => [readManifest(join(root, folder)).name, readManifest(join(root, folder))]),
  );
  const workspace: Workspace = { root, rules, rootManifest, manifests };
  return [
    ...folders.flatMap((folder) => checkPackage(workspace, folder)),
    ...names('examples').flatMap((folder) => checkExample(workspace, folder)),
  ];
}

function checkPackage(workspace: Workspace, folder: string): string[] {
  const name = folder.slice('packages/'.length);
  const rules = workspace.rules[name];
  if (!rules) return [`${folder}: this package has no row in tooling/arrows.ts`];
  const manifest = readManifest(join(workspace.root, folder));
  const production = reachable(workspace.rules, rules.arrows);
  const violations: string[] = [];
  const internal = new Map<string, InternalImport[]>();
  for (const file of sourceFiles(workspace.root, join(folder, '{src,test}'))) {
    const isTest =
      file.endsWith('.test.ts') ||
      ['src/testing/', 'test/'].some((path) => file.startsWith(join(folder, path)));
    const allowed = new Set([name, ...production, ...(isTest ? forTests : [])]);
    const source = readSourceFile(file, readFileSync(join(workspace.root, file), 'utf8'));
    const report = (line: number, text: string) => violations.push(`${file}:${line} ${text}`);
    for (const use of source.imports) {
      const problem = importProblem(workspace, { folder, manifest, file, isTest, allowed }, use);
      if (problem) report(use.line, problem);
    }
    internal.set(file, internalImports(folder, manifest, file, source.imports));
    if (!rules.browser || isTest || file.endsWith('.node.ts')) continue;
    for (const use of source.imports.filter(({ specifier }) => isBuiltin(specifier))) {
      report(
        use.line,
        `imports ${use.specifier}: ${name} also runs in browsers, Node's modules stand in *.node.ts`,
      );
    }
    for (const use of source.globals) {
      report(use.line, `uses ${use.name}: ${name} also runs in browsers, Node's globals stand in *.node.ts`);
    }
  }
  violations.push(...importCircles(internal));
  if (rules.browser) violations.push(...nodeFilesInBrowser(workspace.root, folder, manifest));
  return violations;
}

/** What a file imports of its own package: types, and every file that "imports" may choose, included. */
function internalImports(
  folder: string,
  manifest: Manifest,
  file: string,
  imports: readonly ImportUse[],
): InternalImport[] {
  return imports.flatMap(({ specifier, line }) => {
    const targets = specifier.startsWith('.')
      ? [join(dirname(file), specifier).replace(/\.js$/, '.ts')]
      : allTargets(exportedKey(manifest.imports ?? {}, specifier)).map((path) =>
          join(folder, sourceOf(path) ?? path),
        );
    return targets.map((target) => ({ target, line }));
  });
}

/** The files that some condition or other chooses. */
function allTargets(target: unknown): string[] {
  if (typeof target === 'string') return [target];
  return Object.values(target ?? {}).flatMap(allTargets);
}

/** Examples are users' code: no arrows, but only what is declared and exported. */
function checkExample(workspace: Workspace, folder: string): string[] {
  const manifest = readManifest(join(workspace.root, folder));
  return sourceFiles(workspace.root, folder).flatMap((file) => {
    const { imports } = readSourceFile(file, readFileSync(join(workspace.root, file), 'utf8'));
    return imports.flatMap((use) => {
      const problem = importProblem(
        workspace,
        { folder, manifest, file, isTest: true, allowed: undefined },
        use,
      );
      return problem ? [`${file}:${use.line} ${problem}`] : [];
    });
  });
}

interface Importer {
  folder: string;
  manifest: Manifest;
  file: string;
  isTest: boolean;
  /** Folder names of the packages it may import; `undefined`: all. */
  allowed: ReadonlySet<string> | undefined;
}

function importProblem(
  workspace: Workspace,
  importer: Importer,
  { specifier }: ImportUse,
): string | undefined {
  if (specifier.startsWith('.')) {
    const target = resolve(workspace.root, dirname(importer.file), specifier);
    const outside = relative(join(workspace.root, importer.folder), target).startsWith('..');
    return outside ? `reaches out of its package by ${specifier}` : undefined;
  }
  if (isBuiltin(specifier)) return undefined;
  if (specifier.startsWith('#')) {
    const declared = exportedKey(importer.manifest.imports ?? {}, specifier) !== undefined;
    return declared ? undefined : `imports ${specifier}, which its package.json does not list in "imports"`;
  }
  const [packageName, subpath] = splitSpecifier(specifier);
  if (
    packageName.startsWith(scope) &&
    importer.allowed &&
    !importer.allowed.has(packageName.slice(scope.length))
  ) {
    return `imports ${packageName} against the arrows of tooling/arrows.ts`;
  }
  const target = workspace.manifests.get(packageName);
  if (target && exportedKey(target.exports ?? {}, subpath) === undefined) {
    return `reaches into ${packageName}: ${subpath} is not among its exports`;
  }
  if (packageName === importer.manifest.name) return undefined;
  const own = importer.manifest;
  const declared = { ...own.dependencies, ...own.peerDependencies, ...own.optionalDependencies };
  if (importer.isTest) Object.assign(declared, own.devDependencies, workspace.rootManifest.devDependencies);
  return packageName in declared
    ? undefined
    : `imports ${packageName}, which its package.json does not declare`;
}

/** Node's files that a browser would load: from the exports under a browser's conditions, along relative imports. */
function nodeFilesInBrowser(root: string, folder: string, manifest: Manifest): string[] {
  const violations: string[] = [];
  // A Set's iteration goes on over what is added on the way.
  const files = new Set(
    Object.values(manifest.exports ?? {}).map((target) => sourceOf(browserTarget(target))),
  );
  for (const path of files) {
    if (!path || !existsSync(join(root, folder, path))) continue;
    const file = join(folder, path);
    for (const use of readSourceFile(file, readFileSync(join(root, file), 'utf8')).imports) {
      if (use.typeOnly) continue;
      const target = sourceOf(
        use.specifier.startsWith('.')
          ? join(dirname(path), use.specifier)
          : browserTarget(exportedKey(manifest.imports ?? {}, use.specifier)),
      );
      if (target?.endsWith('.node.ts')) {
        violations.push(`${file}:${use.line} imports ${use.specifier}, and a browser would load it`);
      } else {
        files.add(target);
      }
    }
  }
  return violations;
}

/** The file that a browser's conditions choose. */
function browserTarget(target: unknown): string | undefined {
  if (typeof target === 'string') return target;
  if (typeof target !== 'object' || target === null) return undefined;
  for (const [condition, next] of Object.entries(target)) {
    if (browserConditions.has(condition)) return browserTarget(next);
  }
  return undefined;
}

/** The TypeScript file behind a file of `dist/`. */
function sourceOf(target: string | undefined): string | undefined {
  if (!target?.endsWith('.js')) return undefined;
  return target.replace(/^\.\/(dist|src)\//, 'src/').replace(/\.js$/, '.ts');
}

/** What a key of "exports" or "imports" holds, a pattern with `*` included. */
function exportedKey(table: Record<string, unknown>, key: string): unknown {
  if (key in table) return table[key];
  const pattern = Object.keys(table).find((candidate) => {
    const [prefix, suffix] = candidate.split('*');
    return suffix !== undefined && key.startsWith(prefix ?? '') && key.endsWith(suffix);
  });
  return pattern === undefined ? undefined : table[pattern];
}

function splitSpecifier(specifier: string): [name: string, subpath: string] {
  const parts = specifier.split('/');
  const name = parts.splice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  return [name, parts.length > 0 ? `./${parts.join('/')}` : '.'];
}

function isBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtins.has(specifier);
}

function reachable(rules: Readonly<Record<string, PackageRules>>, names: readonly string[]): string[] {
  return names.flatMap((name) => [name, ...reachable(rules, rules[name]?.arrows ?? [])]);
}

function sourceFiles(root: string, folder: string): string[] {
  const files = globSync(join(folder, '**/*.ts'), {
    cwd: root,
    exclude: (path) => /(^|\/)(node_modules|dist)$/.test(path),
  });
  return files.filter((file) => !file.endsWith('.d.ts')).sort();
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

if (import.meta.main) {
  const violations = checkArrows(dirname(import.meta.dirname));
  for (const violation of violations) console.error(violation);
  console.log(
    violations.length === 0 ? 'Every import follows the arrows.' : `${violations.length} violations`,
  );
  if (violations.length > 0) process.exitCode = 1;
}
