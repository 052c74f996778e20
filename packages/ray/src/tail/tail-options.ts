import { InvalidArgumentError, type TailCursor } from '@raywire/core';
import { assertKnownOptions, describeInput } from '@raywire/core/internal';
import { StreamLimits, type StreamLimitsInit, validateTimeout } from '@raywire/network';
import type { CarriageReturnMode } from '../lines/open-line.js';
import { validateCursor } from '../lines/tail-cursor.js';
import type { TailEvent } from './tail-event.js';

/** How a tail comes back after its connection broke. */
export interface ReconnectOptions {
  /** The first delay, in milliseconds; it doubles from there, with jitter. Default 250. */
  initialDelayMs: number;
  /** In milliseconds. Default 10_000. */
  maxDelayMs: number;
  /** How many failures in a row, without a line between them, are forgiven. Default 5. */
  budget: number;
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
  /** `collapse` (default) shows a progress bar as a terminal would, `keep` leaves every `\r` in the line. */
  carriageReturn?: CarriageReturnMode | undefined;
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
  streamLimits: StreamLimits;
  onGap: 'error' | 'continue';
}

const TAIL_OPTIONS = [
  'protocol',
  'timeoutMs',
  'signal',
  'cursor',
  'tailLines',
  'follow',
  'carriageReturn',
  'streamLimits',
  'onGap',
  'onPartial',
  'onEvent',
];

/** How a tail is reconnected unless the client says otherwise. */
const DEFAULT_RECONNECT: ReconnectOptions = { initialDelayMs: 250, maxDelayMs: 10_000, budget: 5 };

/** How quiet connections are watched unless the client says otherwise. */
const DEFAULT_HEARTBEAT: HeartbeatOptions = { intervalMs: 20_000, timeoutMs: 45_000 };

/** @throws {InvalidArgumentError} naming the option and the remedy */
export function checkTailOptions(
  options: TailOptions | undefined,
  jobId: string,
  clientLimits: StreamLimits,
): CheckedTailOptions {
  assertKnownOptions(options, TAIL_OPTIONS, 'A tail');
  const given: TailOptions = options ?? {};
  const {
    protocol = 'auto',
    timeoutMs = 30_000,
    follow = true,
    carriageReturn = 'collapse',
    onGap = 'error',
  } = given;
  if (typeof protocol !== 'string' || protocol === '') {
    throw invalid(
      `protocol must be 'auto', 'websocket', 'http' or the name of a transport, but ${describeInput(protocol)} was given.`,
    );
  }
  validateTimeout(timeoutMs, 'timeoutMs');
  oneOf('follow', follow, [true, false]);
  oneOf('carriageReturn', carriageReturn, ['collapse', 'keep']);
  oneOf('onGap', onGap, ['error', 'continue']);
  const { tailLines, cursor } = given;
  if (tailLines !== undefined && !(Number.isSafeInteger(tailLines) && tailLines >= 0)) {
    throw invalid(
      `tailLines must be a whole number of lines from 0 up, but ${describeInput(tailLines)} was given.`,
    );
  }
  if (tailLines !== undefined && cursor !== undefined) {
    throw invalid(
      'tailLines and cursor exclude each other: a cursor says where to go on, tailLines where to begin.',
    );
  }
  if (given.signal !== undefined && !(given.signal instanceof AbortSignal)) {
    throw invalid('signal must be an AbortSignal, for example that of an AbortController.');
  }
  for (const name of ['onPartial', 'onEvent'] as const) {
    if (given[name] !== undefined && typeof given[name] !== 'function')
      throw invalid(`${name} must be a function.`);
  }
  return {
    ...given,
    protocol,
    timeoutMs,
    follow,
    carriageReturn,
    onGap,
    cursor: cursor === undefined ? undefined : validateCursor(cursor, jobId),
    streamLimits: given.streamLimits === undefined ? clientLimits : StreamLimits.from(given.streamLimits),
  };
}

/** @throws {InvalidArgumentError} naming the field and the remedy */
export function checkReconnect(options: Partial<ReconnectOptions> | undefined): ReconnectOptions {
  const checked = checkNumbers('reconnect', options, DEFAULT_RECONNECT);
  if (!Number.isInteger(checked.budget)) throw invalid('reconnect.budget must be a whole number.');
  return checked;
}

/** @throws {InvalidArgumentError} naming the field and the remedy */
export function checkHeartbeat(options: Partial<HeartbeatOptions> | undefined): HeartbeatOptions {
  const checked = checkNumbers('heartbeat', options, DEFAULT_HEARTBEAT);
  if (!(checked.intervalMs > 0 && checked.timeoutMs > checked.intervalMs)) {
    throw invalid(
      'heartbeat.intervalMs must be above 0 and below heartbeat.timeoutMs, both in milliseconds.',
    );
  }
  return checked;
}

function checkNumbers<T extends object>(name: string, options: Partial<T> | undefined, defaults: T): T {
  assertKnownOptions(options, Object.keys(defaults), name);
  for (const [key, value] of Object.entries(options ?? {})) {
    if (typeof value !== 'number' || !(value >= 0) || value === Number.POSITIVE_INFINITY) {
      throw invalid(`${name}.${key} must be a number from 0 up, but ${describeInput(value)} was given.`);
    }
  }
  return { ...defaults, ...options };
}

function oneOf<T>(name: string, value: T, allowed: readonly T[]): void {
  if (allowed.includes(value)) return;
  const names = allowed.map((item) => JSON.stringify(item)).join(' or ');
  throw invalid(`${name} must be ${names}, but ${describeInput(value)} was given.`);
}

function invalid(message: string): InvalidArgumentError {
  return new InvalidArgumentError({ message });
}
