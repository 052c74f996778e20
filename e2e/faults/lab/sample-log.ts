import type { ServerKind } from './laboratory.js';

/** A log file as a job writes it, with what a correct tail delivers of it. */
export interface SampleLog {
  /** The bytes of the file, as text. */
  text: string;
  /** With `carriageReturn: 'keep'`. */
  lines: string[];
}

/**
 * The lines of a log file: cut at `\n` alone, `\r\n` loses its `\r`, and a last line needs no newline. Of an old
 * agent's lines nobody knows whether a `\n` followed, so that its last one loses a `\r` too.
 */
export function linesOf(text: string, kind: ServerKind): string[] {
  const rows = text.split('\n');
  const last = rows.pop() as string;
  const lines = rows.map(withoutReturn);
  if (last !== '') lines.push(kind === 'gateway' ? last : withoutReturn(last));
  return lines;
}

/** The lines of a log file as Ray's WebSocket has them: every `\r\n` and `\r` is a `\n`. */
export function canonicalLinesOf(text: string): string[] {
  const lines = text.split(/\r\n?|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}

/** What a terminal shows of lines in which only characters of one column come with a `\r`, which later ones overwrite. */
export function onTerminal(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const cells: string[] = [];
    let column = 0;
    for (const character of line) {
      if (character === '\r') column = 0;
      else cells[column++] = character;
    }
    return cells.join('');
  });
}

/** About 4 KB: characters of one to four bytes, empty lines, `\r`, `\r\n`, lines that look like events, a long line. */
export function sampleLog(): SampleLog {
  const parts = [
    'starting up\n',
    '\n',
    'naïve café — 训练开始 🚀🚀 ßæø\n',
    'progress  10%\rprogress  55%\rprogress 100%\n',
    'windows line\r\n',
    '{"type": "complete"}\n',
    'data: {"message": "not an event"}\n',
    ': a comment\nid: 5\nevent: log\nretry: 1\n',
    'null\n42\n"quoted \\ back"\n',
    '\tindented\u0000nul\u2028separators\u2029\u0085\ufeffbom\n',
    '\n\n',
    ...Array.from({ length: 24 }, (_, index) => `epoch ${index % 3}: loss=0.${index % 2} \u4e94\n`),
    `${'a long line of words and wörds and 字 '.repeat(45)}\n`,
    ...Array.from({ length: 12 }, () => 'heartbeat\n'),
    'same\nsame\nsame\r\n',
    'the end, without a newline 🏁',
  ];
  const text = parts.join('');
  return { text, lines: linesOf(text, 'gateway') };
}
