import { Unicode11Addon } from '@xterm/addon-unicode11';
import { type IBufferCell, Terminal } from '@xterm/headless';

/** As wide as a cursor of ours goes. */
const COLUMNS = 1024;

/** What xterm.js shows of a line. */
export interface XtermLine {
  /** Up to the last cell that was written to. */
  text: string;
  /** Of each cell its character and, if it has one, its colours and the like. */
  cells: string[];
  /** What the next line would be written in. */
  nextStyle: string;
}

/** A real terminal, with the character widths of Unicode 11. */
export class XtermRow {
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
