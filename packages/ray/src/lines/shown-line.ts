import { type CarriageReturnMode, collapseCarriageReturns } from './carriage-return.js';
import { withoutSequences } from './escape-sequences.js';

/** What becomes of escape sequences, such as colours: they stay in the line, or are taken out. */
export type AnsiMode = 'keep' | 'strip';

/** How lines are delivered. */
export interface LineView {
  readonly carriageReturn: CarriageReturnMode;
  readonly ansi: AnsiMode;
}

/** A whole line as it is delivered. */
export function shownLine(line: string, { carriageReturn, ansi }: LineView): string {
  const shown = carriageReturn === 'collapse' ? collapseCarriageReturns(line) : line;
  return ansi === 'strip' ? withoutSequences(shown) : shown;
}
