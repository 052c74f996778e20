import { constants } from 'node:os';

/** How the shell that ran an entrypoint ended. */
export interface ShellExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** Milliseconds since 1970, where it was not seen but recorded. */
  endedAt?: number;
}

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

/** What the status of a command in a shell means: 128 + n stands for signal n. */
export function exitOfStatus(status: number): ShellExit {
  const signal = SIGNALS.get(status - 128) as NodeJS.Signals | undefined;
  return signal === undefined ? { code: status, signal: null } : { code: null, signal };
}
