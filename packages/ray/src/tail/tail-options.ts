import type { TailCursor } from '@raywire/core';
import {
  abortSignal,
  amount,
  callback,
  checkedBy,
  count,
  duration,
  flag,
  nested,
  type OptionKind,
  type OptionTable,
  oneOf,
  readOptions,
  refused,
  refuseOption,
  text,
  unchecked,
} from '@raywire/core/internal';
import { StreamLimits, type StreamLimitsInit } from '@raywire/network';
import type { CarriageReturnMode } from '../lines/carriage-return.js';
import type { AnsiMode } from '../lines/shown-line.js';
import { validateCursor } from '../lines/tail-cursor.js';
import type { TailEvent } from './tail-event.js';

/** How a tail comes back after its connection broke. */
export interface ReconnectOptions {
  /** The first delay, in milliseconds; it doubles from there, with jitter. Default 250. */
  initialDelayMs: number;
  /** In milliseconds. Default 10_000. */
  maxDelayMs: number;
  /**
   * How long a tail that was connected keeps trying, in milliseconds from the failure. New lines, or a connection that
   * lasts 30 s, renew it. First contact is limited to three attempts. 0: no retries; `Infinity`: no limit.
   * Default 60_000.
   */
  giveUpAfterMs: number;
}

/** When a quiet connection is asked whether it lives. */
export interface HeartbeatOptions {
  /** Silence after which a WebSocket is pinged, in milliseconds; an old agent's job is asked after 1.5 of it. Default 20_000. */
  intervalMs: number;
  /** Silence after which a connection that should have answered is dead, in milliseconds. Default 45_000. */
  timeoutMs: number;
}

/** What a caller may say of one tail. */
export interface TailOptions {
  /** `auto` (default): WebSocket, then HTTP. Or a wire, or the name of a registered transport. */
  protocol?: 'auto' | 'websocket' | 'http' | (string & {}) | undefined;
  /** Bounds each attempt to connect, in milliseconds: above 0, at most 300_000. Default 30_000. */
  timeoutMs?: number | undefined;
  /** Ends the tail: the loop then throws `signal.reason`. */
  signal?: AbortSignal | undefined;
  /** Go on just after an earlier tail's `cursor`. */
  cursor?: TailCursor | undefined;
  /** Begin this many lines before the present end of the log. */
  tailLines?: number | undefined;
  /** False: end at the present end of the log, with `end.reason` `caughtUp` if the job still runs. Default true. */
  follow?: boolean | undefined;
  /**
   * `collapse` (default) shows a line that moves the cursor, such as a progress bar, as a terminal would; one that moves
   * it to another line, and every line with `keep`, is delivered as it is.
   */
  carriageReturn?: CarriageReturnMode | undefined;
  /** `keep` (default) leaves escape sequences, such as colours, in the line; `strip` takes them out. */
  ansi?: AnsiMode | undefined;
  /** Default: the client's `streamLimits`. */
  streamLimits?: StreamLimits | StreamLimitsInit | undefined;
  /** `error` (default): a `StreamGapError` when the log no longer holds what was delivered; `continue`: go on with it. */
  onGap?: 'error' | 'continue' | undefined;
  /**
   * Shows the unfinished last line, for example a progress bar, as it changes, and `''` once it is finished; outside
   * cursor and limits.
   */
  onPartial?: ((text: string) => void) | undefined;
  /** Told of connections, retries, fallbacks and gaps. As with `onPartial`, what it throws or rejects with fails the tail. */
  onEvent?: ((event: TailEvent) => void) | undefined;
}

/** Tail options, checked and complete. */
export interface CheckedTailOptions extends Omit<TailOptions, 'streamLimits'> {
  protocol: string;
  timeoutMs: number;
  follow: boolean;
  carriageReturn: CarriageReturnMode;
  ansi: AnsiMode;
  streamLimits: StreamLimits;
  onGap: 'error' | 'continue';
}

/** The table of `TailOptions`. */
export const TAIL_OPTIONS: OptionTable<
  TailOptions,
  'protocol' | 'timeoutMs' | 'follow' | 'carriageReturn' | 'ansi' | 'onGap'
> = {
  protocol: text("'auto', 'websocket', 'http' or the name of a transport", 'auto'),
  timeoutMs: duration(30_000),
  signal: abortSignal(),
  cursor: unchecked(),
  tailLines: count({ min: 0 }),
  follow: flag(true),
  carriageReturn: oneOf('collapse', 'keep'),
  ansi: oneOf('keep', 'strip'),
  streamLimits: streamLimitsOption(),
  onGap: oneOf('error', 'continue'),
  onPartial: callback(),
  onEvent: callback(),
};

/**
 * @param id names the log that a cursor must be of
 * @param clientLimits those of a call that brings none
 * @param where the method, for messages
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function checkTailOptions(
  options: TailOptions | undefined,
  id: string,
  clientLimits: StreamLimits,
  where: string,
): CheckedTailOptions {
  const checked = readOptions(TAIL_OPTIONS, options, where);
  const { cursor, streamLimits } = checked;
  if (cursor !== undefined && checked.tailLines !== undefined) {
    refuseOption(
      `${where}: tailLines and cursor exclude each other; a cursor says where to go on, tailLines where to begin.`,
    );
  }
  if (cursor !== undefined) validateCursor(cursor, id, where);
  return {
    ...checked,
    streamLimits: streamLimits === undefined ? clientLimits : StreamLimits.from(streamLimits),
  };
}

/**
 * The options of a tail whose protocol is in the name of its method.
 *
 * @throws {InvalidArgumentError} naming the option and the remedy
 */
export function checkFixedTailOptions(
  options: Omit<TailOptions, 'protocol'> | undefined,
  protocol: string,
  where: string,
): TailOptions {
  const refusal = refused(`it always uses "${protocol}"; call tailJobLogs to choose.`);
  return { ...readOptions({ ...TAIL_OPTIONS, protocol: refusal }, options, where), protocol };
}

const RECONNECT_OPTIONS = {
  initialDelayMs: amount(250),
  maxDelayMs: amount(10_000),
  giveUpAfterMs: count({ min: 0, orInfinity: true }, 60_000),
} satisfies OptionTable<Partial<ReconnectOptions>>;

const HEARTBEAT_OPTIONS = {
  intervalMs: amount(20_000),
  timeoutMs: amount(45_000),
} satisfies OptionTable<Partial<HeartbeatOptions>>;

/** `StreamLimits`, or what they are made of. @__NO_SIDE_EFFECTS__ */
export function streamLimitsOption(): OptionKind<StreamLimits | StreamLimitsInit, undefined> {
  return {
    ...checkedBy((value, place) => StreamLimits.from(value as StreamLimitsInit, place)),
    inner: () => Object.keys(new StreamLimits()),
  };
}

/** `ReconnectOptions`, or some of them. @__NO_SIDE_EFFECTS__ */
export function reconnectOption(): OptionKind<Partial<ReconnectOptions>, undefined> {
  return nested(RECONNECT_OPTIONS);
}

/** `HeartbeatOptions`, or some of them. @__NO_SIDE_EFFECTS__ */
export function heartbeatOption(): OptionKind<Partial<HeartbeatOptions>, undefined> {
  return { ...nested<Partial<HeartbeatOptions>>(HEARTBEAT_OPTIONS), check: checkHeartbeat };
}

/** Fills in what is not given. @throws {InvalidArgumentError} naming the option and the remedy */
export function checkReconnect(options: Partial<ReconnectOptions> | undefined): ReconnectOptions {
  return readOptions(RECONNECT_OPTIONS, options, 'reconnect');
}

/** Fills in what is not given. @throws {InvalidArgumentError} naming the option and the remedy */
export function checkHeartbeat(options: unknown, place = 'heartbeat'): HeartbeatOptions {
  const { intervalMs, timeoutMs } = readOptions(HEARTBEAT_OPTIONS, options, place);
  if (intervalMs > 0 && timeoutMs > intervalMs) return { intervalMs, timeoutMs };
  return refuseOption(
    `${place}.intervalMs must be above 0 and below timeoutMs, but is ${intervalMs}, and timeoutMs is ${timeoutMs}.`,
  );
}
