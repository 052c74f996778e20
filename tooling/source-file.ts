import { parseSync } from 'oxc-parser';
import { nodeGlobals } from './arrows.ts';

/** A module specifier in a file. */
export interface ImportUse {
  specifier: string;
  line: number;
  /** `import type`, `export type`, or `import('…')` in a type: gone from the JavaScript. */
  typeOnly: boolean;
}

/** A global of Node in a file. */
export interface GlobalUse {
  name: string;
  line: number;
}

interface SyntaxNode {
  type: string;
  start: number;
  [key: string]: unknown;
}

/** Where an identifier is only a name: a property, a key, an imported or exported name. */
const namePositions: Readonly<Record<string, readonly string[]>> = {
  ExportSpecifier: ['exported'],
  ImportSpecifier: ['imported'],
  MethodDefinition: ['key'],
  Property: ['key'],
  PropertyDefinition: ['key'],
  TSEnumMember: ['id'],
  TSMethodSignature: ['key'],
  TSPropertySignature: ['key'],
  TSQualifiedName: ['right'],
};

/** Where an identifier declares a name of the file's own. */
const bindingPositions: readonly string[] = ['id', 'local', 'param', 'params'];

/**
 * What a TypeScript file imports, in any form with a literal specifier, and which of Node's globals it uses.
 *
 * @throws {SyntaxError} when it cannot be parsed
 */
export function readSourceFile(path: string, text: string): { imports: ImportUse[]; globals: GlobalUse[] } {
  const { program, errors } = parseSync(path, text);
  if (errors[0]) throw new SyntaxError(`${path}: ${errors[0].message}`);
  const imports: ImportUse[] = [];
  const used: { name: string; start: number }[] = [];
  const declared = new Set<string>();
  const lineOf = (start: number) => text.slice(0, start).split('\n').length;

  const addImport = (source: unknown, typeOnly: boolean) => {
    if (!isNode(source) || typeof source.value !== 'string') return;
    imports.push({ specifier: source.value, line: lineOf(source.start), typeOnly });
  };

  const visit = (node: SyntaxNode, binding: boolean): void => {
    switch (node.type) {
      case 'ImportDeclaration':
        addImport(node.source, node.importKind === 'type');
        break;
      case 'ExportNamedDeclaration':
      case 'ExportAllDeclaration':
        addImport(node.source, node.exportKind === 'type');
        break;
      case 'ImportExpression':
        addImport(node.source, false);
        break;
      case 'TSImportType':
        addImport(node.source, true);
        break;
      case 'TSExternalModuleReference':
        addImport(node.expression, false);
        break;
      case 'CallExpression':
        if (isNamed(node.callee, 'require')) addImport((node.arguments as unknown[])[0], false);
        break;
      case 'Identifier':
        if (binding) declared.add(node.name as string);
        else used.push({ name: node.name as string, start: node.start });
        break;
    }
    for (const [key, value] of Object.entries(node)) {
      if (isPlainName(node, key)) continue;
      const isBinding = bindsIn(node, key, binding);
      for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) visit(child, isBinding);
    }
  };
  visit(program as unknown as SyntaxNode, false);

  const globals = used
    .filter(({ name }) => nodeGlobals.has(name) && !declared.has(name))
    .map(({ name, start }) => ({ name, line: lineOf(start) }));
  return { imports, globals };
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).type === 'string';
}

function isNamed(node: unknown, name: string): boolean {
  return isNode(node) && node.type === 'Identifier' && node.name === name;
}

function isPlainName(parent: SyntaxNode, key: string): boolean {
  if (parent.type === 'MemberExpression') {
    return key === 'property' && parent.computed === false && !isNamed(parent.object, 'globalThis');
  }
  // Of `{ process }` the value says whether it is a use or a name of one's own.
  return parent.computed !== true && (namePositions[parent.type]?.includes(key) ?? false);
}

function bindsIn(parent: SyntaxNode, key: string, inherited: boolean): boolean {
  if (key === 'typeAnnotation' || key === 'right') return false;
  if (parent.type.endsWith('Pattern') || parent.type === 'RestElement') return inherited;
  if (parent.type === 'Property' && key === 'value') return inherited;
  return bindingPositions.includes(key);
}
