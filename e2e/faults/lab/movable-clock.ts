import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDebianFile } from '../../debian-command.js';

/** A wall clock that a test moves, for the processes that get its environment. Their monotonic clock stays as it is. */
export interface MovableClock {
  environment: Readonly<Record<string, string>>;
  /** Moves it to so many hours from the truth. */
  moveTo(hours: number): Promise<void>;
  close(): Promise<void>;
}

const LIBRARIES = ['x86_64', 'aarch64'].map(
  (machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`,
);

/** Makes one, by Debian's libfaketime. */
export async function movableClock(): Promise<MovableClock> {
  const library = await findDebianFile(LIBRARIES, 'libfaketime');
  const directory = await mkdtemp(join(tmpdir(), 'raywire-clock-'));
  const file = join(directory, 'offset');
  const moveTo = async (hours: number): Promise<void> => {
    // Nobody may see half of it.
    await writeFile(`${file}.new`, `${hours < 0 ? '' : '+'}${hours}h\n`);
    await rename(`${file}.new`, file);
  };
  await moveTo(0);
  return {
    environment: {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    moveTo,
    close: () => rm(directory, { recursive: true, force: true }),
  };
}
