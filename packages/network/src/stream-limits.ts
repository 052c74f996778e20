import { count, type OptionTable, oneOf, readOptions } from '@raywire/core/internal';

/** What happens to a line longer than `maxMessageSize`: an error, or the line cut short with a visible mark. */
export type OversizeMode = 'error' | 'truncate';

/** What `StreamLimits` is made of. A limit may be `Infinity`: it is off then. */
export interface StreamLimitsInit {
  /** WebSocket messages of one tail. Default 10_000. */
  maxMessages?: number | undefined;
  /** Lines of one tail. Default 50_000. */
  maxLines?: number | undefined;
  /** UTF-8 bytes of all lines of one tail as delivered, without newlines. Default 50 MiB. */
  maxBytes?: number | undefined;
  /** UTF-8 bytes of one line as delivered. Default 10_240. */
  maxMessageSize?: number | undefined;
  /** Lines that may wait for a slow reader before the socket is stopped; never an error. Default 1_000. */
  queueSize?: number | undefined;
  /** Default `'error'`. */
  oversize?: OversizeMode | undefined;
}

const MEBIBYTE = 1024 * 1024;
const OR_OFF = { orInfinity: true };

/** The table of `StreamLimitsInit`. */
const STREAM_LIMITS = {
  maxMessages: count(OR_OFF, 10_000),
  maxLines: count(OR_OFF, 50_000),
  maxBytes: count(OR_OFF, 50 * MEBIBYTE),
  maxMessageSize: count(OR_OFF, 10_240),
  queueSize: count({}, 1_000),
  oversize: oneOf('error', 'truncate'),
} satisfies OptionTable<StreamLimitsInit>;

/**
 * How much a log stream may deliver before it ends with `StreamLimitExceededError` (429), so that a log without end
 * does not fill the memory of whoever collects it.
 *
 * @example
 * ```ts
 * import { StreamLimits } from '@raywire/network';
 *
 * const limits = new StreamLimits({ maxLines: 100_000, maxBytes: 200 * 1024 * 1024 });
 * console.log(limits.maxMessages); // 10000, the default
 * ```
 */
export class StreamLimits {
  /** WebSocket messages of one tail. */
  declare readonly maxMessages: number;
  /** Lines of one tail. */
  declare readonly maxLines: number;
  /** UTF-8 bytes of all lines of one tail. */
  declare readonly maxBytes: number;
  /** UTF-8 bytes of one line. */
  declare readonly maxMessageSize: number;
  /** Lines that may wait for a slow reader. */
  declare readonly queueSize: number;
  /** What happens to a line longer than `maxMessageSize`. */
  declare readonly oversize: OversizeMode;

  /** @throws {InvalidArgumentError} for an unknown name or a bad value, naming it and the remedy */
  constructor(init: StreamLimitsInit = {}) {
    Object.assign(this, readOptions(STREAM_LIMITS, init, 'new StreamLimits'));
  }

  /** For long jobs: 50_000 messages, 100_000 lines, 200 MiB. */
  static production(): StreamLimits {
    return limitsOf({ maxMessages: 50_000, maxLines: 100_000, maxBytes: 200 * MEBIBYTE });
  }

  /** To notice a runaway log early: 1_000 messages, 5_000 lines, 10 MiB. */
  static development(): StreamLimits {
    return limitsOf({ maxMessages: 1_000, maxLines: 5_000, maxBytes: 10 * MEBIBYTE });
  }

  /** All four limits are off. Memory stays flat all the same, as long as the caller does not collect the lines. */
  static unlimited(): StreamLimits {
    const { POSITIVE_INFINITY: off } = Number;
    return limitsOf({ maxMessages: off, maxLines: off, maxBytes: off, maxMessageSize: off });
  }

  /**
   * What an option `streamLimits` may hold, as `StreamLimits`; `undefined` gives the defaults.
   *
   * @param where the option, for messages: `tailJobLogs: streamLimits`
   * @throws {InvalidArgumentError} as the constructor
   */
  static from(value: StreamLimits | StreamLimitsInit | undefined, where?: string): StreamLimits {
    return limitsOf(value, where);
  }
}

// A class that names itself within its body is `_StreamLimits` after the build, and so wherever one is printed.
function limitsOf(value: StreamLimits | StreamLimitsInit | undefined, where?: string): StreamLimits {
  if (value instanceof StreamLimits) return value;
  return new StreamLimits(where === undefined ? value : readOptions(STREAM_LIMITS, value, where));
}
