import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A source file's part of a bundle. */
export interface ModuleSize {
  /** Its path. */
  module: string;
  minifiedBytes: number;
  /** How much smaller the gzipped bundle would be without it. */
  gzippedBytes: number;
}

interface Piece {
  module: string;
  text: string;
}

const PROGRAM = '(program)';
/** What tsup writes above each module that it puts into a file. */
const MODULE_MARK = /^\/\/ (src\/\S+)$/;

/**
 * The modules in a minified bundle of files that tsup made, the heaviest first.
 *
 * @param map the bundle's source map, as JSON
 * @param folder what the paths of the source map are relative to
 */
export function moduleSizes(text: string, map: string, folder: string): ModuleSize[] {
  const pieces = piecesOf(text, new SourceMap(JSON.parse(map)), folder);
  const whole = gzippedBytes(pieces);
  const minified = new Map<string, number>();
  for (const { module, text } of pieces) minified.set(module, (minified.get(module) ?? 0) + text.length);
  return Array.from(minified, ([module, minifiedBytes]) => {
    const rest = pieces.filter((piece) => piece.module !== module);
    return { module, minifiedBytes, gzippedBytes: whole - gzippedBytes(rest) };
  }).sort((a, b) => b.gzippedBytes - a.gzippedBytes);
}

function gzippedBytes(pieces: readonly Piece[]): number {
  return gzipSync(pieces.map(({ text }) => text).join(''), { level: 9 }).length;
}

/** The bundle, cut wherever another module begins. */
function piecesOf(text: string, map: SourceMap, folder: string): Piece[] {
  const modules = new Map<string, string[]>();
  const moduleAt = (line: number, column: number): string => {
    const entry = map.findEntry(line, column);
    // esbuild's own helpers, and the program that it was given as text.
    if (!('originalSource' in entry) || !entry.originalSource.endsWith('.js')) return PROGRAM;
    const path = resolve(folder, entry.originalSource);
    const ofLines = modules.get(path) ?? modulesOfLines(path);
    modules.set(path, ofLines);
    return ofLines[entry.originalLine] ?? path;
  };
  const pieces: Piece[] = [];
  for (const [number, line] of text.split(/(?<=\n)/).entries()) {
    for (const [column, character] of line.split('').entries()) {
      const module = moduleAt(number, column);
      const last = pieces.at(-1);
      if (last?.module === module) last.text += character;
      else pieces.push({ module, text: character });
    }
  }
  return pieces;
}

/** The module that each line of a file in `dist` comes from. */
function modulesOfLines(path: string): string[] {
  let module = path;
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => {
      const mark = MODULE_MARK.exec(line)?.[1];
      if (mark !== undefined) module = resolve(dirname(dirname(path)), mark);
      return module;
    });
}
