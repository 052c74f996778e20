import { Unicode11Addon } from '@xterm/addon-unicode11';
import { type IBufferCell, Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collapseCarriageReturns } from './carriage-return.js';
import { withoutSequences } from './escape-sequences.js';

/** As wide as a cursor of ours goes. */
const COLUMNS = 1024;

/** What xterm.js shows of a line. */
interface XtermLine {
  /** Up to the last cell that was written to. */
  text: string;
  /** Of each cell its character and, if it has one, its colours and the like. */
  cells: string[];
  /** What the next line would be written in. */
  nextStyle: string;
}

/** A real terminal, with the character widths of Unicode 11. */
class XtermRow {
  readonly #terminal = new Terminal({ cols: COLUMNS, rows: 2, scrollback: 0, allowProposedApi: true });

  constructor() {
    this.#terminal.loadAddon(new Unicode11Addon());
    this.#terminal.unicode.activeVersion = '11';
  }

  async show(line: string): Promise<XtermLine> {
    const terminal = this.#terminal;
    terminal.reset();
    await new Promise<void>((written) => terminal.write(`${line}\r\nX`, written));
    const [row, next] = [0, 1].map((index) => terminal.buffer.active.getLine(index));
    const style = next?.getCell(0);
    if (row === undefined || style === undefined) throw new Error('xterm.js has no such row.');
    const all = Array.from({ length: COLUMNS }, (_, column) => row.getCell(column) as IBufferCell);
    const end = all.findLastIndex((cell) => cell.getChars() !== '') + 1;
    const cells = all.slice(0, end).map((cell) => {
      const characters = cell.getChars();
      return characters === '' ? ' '.repeat(cell.getWidth()) : `${styleOf(cell)}${characters}`;
    });
    const text = row.translateToString(true);
    return { text, cells, nextStyle: styleOf(style) };
  }
}

function styleOf(cell: IBufferCell): string {
  if (cell.isAttributeDefault()) return '';
  return JSON.stringify([
    [cell.getFgColorMode(), cell.getFgColor(), cell.getBgColorMode(), cell.getBgColor()],
    [cell.isBold(), cell.isDim(), cell.isItalic(), cell.isUnderline(), cell.isBlink()],
    [cell.isInverse(), cell.isInvisible(), cell.isStrikethrough(), cell.isOverline()],
  ]);
}

const ESC = '\u001b';
const csi = (parameters: string | number, final: string) => `${ESC}[${parameters}${final}`;

const visible = (line: string) => withoutSequences(collapseCarriageReturns(line));

describe('a line that moves the cursor', () => {
  it.each([
    ['Downloading 100%\r\u001b[KDone', 'Done'],
    ['x\u001b[2K\rDone', 'Done'],
    ['\u001b[31mERROR long text\u001b[0m\rok', 'ok\u001b[31mROR long text\u001b[0m'],
    ['数据数据\rab', 'ab据数据'],
    ['数据数据\ra', 'a 据数据'],
    ['数据\r\u001b[1K', '  据'],
    ['loading\u001b[2K\u001b[1Gready', 'ready'],
    ['|\b/\b-\b\\', '\\'],
    ['\tdone\rx', 'x       done'],
    [
      '\u001b[1m1/9\u001b[0m \u001b[32m━━\u001b[0m\b\b\b\b\b\b\u001b[1m9/9\u001b[0m \u001b[32m━━\u001b[0m',
      '\u001b[1m9/9\u001b[0m \u001b[32m━━\u001b[0m',
    ],
    ['\u001b[?25l 10%\r\u001b]0;title\u0007 20%\u001b[?25h', ' 20%'],
    ['abc\r\u001b(B\u001b[mx', '\u001b[0mxbc'],
  ])('%j is shown as %j', (line, shown) => {
    expect(collapseCarriageReturns(line)).toBe(shown);
  });

  it.each([
    ['moves up', '\r 10%\u001b[A\r 20%'],
    ['goes to a row', '\r 10%\u001b[5;1H 20%'],
    ['clears the screen', '\r 10%\u001b[2J 20%'],
    ['saves the cursor', '\u001b7\r 10%\u001b8 20%'],
    ['feeds a line', '10%\v\r 20%'],
    ['draws with another alphabet', '\u001b(0qqq\r'],
    ['goes to another screen', '\u001b[?1049h\rx'],
    ['moves text', 'abc\r\u001b[2P'],
  ])('stays as it is where it %s', (_, line) => {
    expect(collapseCarriageReturns(line)).toBe(line);
  });
});

it.each([
  '',
  'plain',
  '\tindented',
  '\u001b[31mred\u001b[0m',
  `${ESC}]8;;http://a\u0007link${ESC}]8;;\u0007`,
  '\u001b[A',
])('leaves %j alone, which does not move the cursor', (line) => {
  expect(collapseCarriageReturns(line)).toBe(line);
});

const colour = fc.constantFrom(
  '',
  '0',
  '1',
  '2',
  '22',
  '3;4',
  '24',
  '31',
  '39',
  '1;32',
  '44',
  '49',
  '38;5;208',
  '48;2;1;2;3',
  '97',
  '7',
  '27',
  '9;53',
  '29;55',
);
const piece = fc.oneof(
  fc.constantFrom(
    '\r',
    '\b',
    '\t',
    'a',
    'bcd',
    ' ',
    'é',
    'e\u0301',
    'Ж',
    '数',
    '据\u0301',
    '데',
    '█',
    '━',
    '🚀',
    '𝒳',
    'ﬀ',
  ),
  fc.constantFrom('\r', '\b', '\r'),
  fc.constantFrom('', 0, 1, 2).map((part) => csi(part, 'K')),
  fc.constantFrom('', '0').map((part) => csi(part, 'J')),
  fc
    .tuple(fc.constantFrom('', 0, 1, 2, 3, 7, 30), fc.constantFrom('G', '`', 'C', 'a', 'D'))
    .map((move) => csi(...move)),
  colour.map((parameters) => csi(parameters, 'm')),
  fc.constantFrom(
    csi('?25', 'l'),
    csi('', 'n'),
    `${ESC}(B`,
    `${ESC}=`,
    `${ESC}]0;title\u0007`,
    `${ESC}]1;icon${ESC}\\`,
    '\u0007',
    '\0',
  ),
);
const line = fc.array(piece, { maxLength: 24 }).map((pieces) => pieces.join(''));

it('shows of any line what a terminal shows, in the same colours', async () => {
  const xterm = new XtermRow();
  await fc.assert(
    fc.asyncProperty(line, async (text) => {
      // It is told of a move, so that a tab is none that the line keeps.
      const moved = `${text}\r`;
      const original = await xterm.show(moved);
      expect(visible(moved)).toBe(original.text);
      expect(await xterm.show(collapseCarriageReturns(moved))).toEqual(original);
    }),
    { numRuns: 500 },
  );
});

/** Processor time in microseconds, so that other processes do not count; the least of several runs, at least 1 ms. */
function cost(text: string): number {
  const runs = Array.from({ length: 3 }, () => {
    const before = process.cpuUsage();
    collapseCarriageReturns(text);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.max(1_000, Math.min(...runs));
}

it.each([
  ['plain steps', 'x', '\rq'],
  ['erased beginnings', '数', '\b\u001b[1K'],
  ['rows that are erased and written to at their end', '\t', '\u001b[2Kx'],
  ['erased rows written to at both ends', 'x', '\u001b[1Ky\rz\u001b[1000Cé'],
  ['colours', '\u001b[31mé\u001b[0m', '\u001b[7C\u001b[1;32mé'],
  ['marks', 'é', '\u0301'],
])('costs eight times as much for eight times the text: %s', (_, start, step) => {
  const text = (size: number) => start.repeat(size) + step.repeat(size);
  cost(text(1_000));
  // A square would be 64.
  expect(cost(text(80_000)) / cost(text(10_000))).toBeLessThan(24);
});
