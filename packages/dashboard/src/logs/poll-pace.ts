/** How often a file is read, and its writer's state asked. */
export interface PollPace {
  /** Until the next read, in milliseconds. */
  readonly delayMs: number;
  /** The state is asked when the last time was so long ago, in milliseconds. */
  readonly askAfterMs: number;
  /** A read gave so many bytes, and the file has so many now. */
  read(bytes: number, fileBytes: number): void;
}

const QUICK_MS = 50;
const IDLE_MS = 1_000;
const QUICK_FOR_MS = 2_000;

/** For byte ranges, which cost nothing where there is nothing new: every 50 ms while lines come, easing to 1 s. */
export function rangePace(): PollPace {
  let delayMs = QUICK_MS;
  let cameAt = performance.now();
  return {
    get delayMs() {
      return delayMs;
    },
    get askAfterMs() {
      const quietMs = performance.now() - cameAt;
      // While lines come, the job runs. At most one poll and one question in two seconds when idle.
      return quietMs < 200 ? 5_000 : quietMs < QUICK_FOR_MS ? 400 : 2_000;
    },
    read(bytes) {
      if (bytes > 0) {
        cameAt = performance.now();
        delayMs = QUICK_MS;
      } else if (performance.now() - cameAt > QUICK_FOR_MS) {
        delayMs = Math.min(delayMs * 1.2, IDLE_MS);
      }
    },
  };
}

const LONGEST_WHOLE_READ_WAIT_MS = 60_000;
/** A whole read may cost a node so much of its time: 2 MB a second on the average. */
const WHOLE_READ_BYTES_PER_MS = 2_000;

/** For whole reads of a file, which cost the more the longer it is: the delay grows with it, from 1 s to 60 s. */
export function wholeFilePace(): PollPace {
  let delayMs = IDLE_MS;
  return {
    get delayMs() {
      return delayMs;
    },
    askAfterMs: 2_000,
    read(_bytes, fileBytes) {
      delayMs = Math.min(IDLE_MS + fileBytes / WHOLE_READ_BYTES_PER_MS, LONGEST_WHOLE_READ_WAIT_MS);
    },
  };
}
