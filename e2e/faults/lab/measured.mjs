// What a process that is measured from outside has in common: it answers `measure` by IPC, after a collection.
import { readdirSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';

/** Answers `measure` from now on; `quiet` is awaited before. */
export function answerMeasurements(quiet = async () => {}) {
  process.on('message', async (message) => {
    if (message !== 'measure') return;
    const counts = await quiet();
    // What a closed socket held is let go of in turns of the event loop.
    for (let turn = 0; turn < 5; turn++) {
      await setImmediate();
      globalThis.gc();
    }
    const { heapUsed, external, rss } = process.memoryUsage();
    const files = readdirSync('/proc/self/fd').length;
    process.send({ measured: { heap: heapUsed + external, rss, files, ...counts } });
  });
}
