import {
  ClientConnectionError,
  type ClientError,
  ClientTimeoutError,
  HTTPError,
  type LogTransport,
  UnsupportedByServerError,
} from '@raywire/core';
import type { FallbackStrategy } from '../fallback-strategy.js';
import type { LogSource } from '../source/log-source.js';
import { isTooLarge } from './tail-errors.js';
import type { ReconnectOptions } from './tail-options.js';

/** A source with a transport that speaks its wire; one that reads by REST needs none. */
export interface Route {
  readonly source: LogSource;
  readonly transport?: LogTransport;
}

/** The name by which users know a route. */
export function routeName(route: Route): string {
  return route.transport?.name ?? route.source.wire;
}

/** How an attempt failed. */
export interface Failure {
  error: Error;
  /** The server had accepted: a connection stood. */
  accepted: boolean;
  /** Something valid had come over it. */
  sawFrame: boolean;
  /** The cursor has moved since the failure before. */
  progressed: boolean;
  livedMs: number;
  /** The reader did not read when the connection ended: the server's patience ended, not ours. */
  readerWasAway: boolean;
  /** The job runs and can be asked about: something on the way keeps the answer until there is more of it. */
  heldBack: boolean;
}

/** What to do after a failure. */
export type NextStep =
  | { type: 'fallback'; from: Route; to: Route }
  | { type: 'retry'; delayMs: number; attempt: number }
  | { type: 'give-up' };

/** A connection that lived this long renews the retry budget: proxies cut idle ones at 60 s. */
const RENEWED_AFTER_MS = 30_000;
const DEATHS_BEFORE_FALLBACK = 3;
/** As for REST calls: nobody wants to wait longer without being asked. */
const MAX_RETRY_AFTER_MS = 60_000;
/** A server that never answered at all is more likely absent than busy: as many retries as a REST call has. */
const FIRST_CONTACT_RETRIES = 2;

/** Walks the routes to one log, and keeps the retry budget. */
export class SourceWalk {
  readonly #routes: readonly Route[];
  readonly #strategy: FallbackStrategy;
  readonly #reconnect: ReconnectOptions;
  readonly #tried = new Set<Route>();
  /** What these cannot do, they cannot do the next time either. */
  readonly #unfit = new Set<Route>();
  #current: Route;
  #deaths = 0;
  #spent = 0;
  #everAnswered = false;

  constructor(routes: readonly Route[], strategy: FallbackStrategy, reconnect: ReconnectOptions) {
    this.#routes = routes;
    this.#strategy = strategy;
    this.#reconnect = reconnect;
    this.#current = routes[0] as Route;
  }

  get current(): Route {
    return this.#current;
  }

  next(failure: Failure): NextStep {
    const from = this.#current;
    this.#everAnswered ||= failure.accepted || !isSilence(failure.error);
    if (failure.progressed) this.#deaths = 0;
    if (failure.progressed || failure.livedMs >= RENEWED_AFTER_MS) {
      this.#spent = 0;
      this.#tried.clear();
    }
    this.#tried.add(from);
    if (failure.accepted) this.#deaths++;
    if (from.source.refusalIsFinal && HTTPError.isInstance(failure.error) && !isRetryable(failure.error))
      return { type: 'give-up' };
    const moveOn =
      this.#deaths >= DEATHS_BEFORE_FALLBACK ||
      UNFIT_ROUTE.has((failure.error as Partial<ClientError>).code ?? '') ||
      (!failure.sawFrame && this.#strategy.shouldFallback(failure.error));
    if (UnsupportedByServerError.isInstance(failure.error)) this.#unfit.add(from);
    const usable = this.#routes.filter((route) => !this.#unfit.has(route));
    const to = moveOn ? usable.find((route) => !this.#tried.has(route)) : undefined;
    if (to !== undefined) {
      this.#current = to;
      this.#deaths = 0;
      return { type: 'fallback', from, to };
    }
    const goesRound = moveOn && this.#unfit.has(from) && usable.length > 0;
    // A frame that no route is left for would only come again.
    if (isTooLarge(failure.error) || (!isRetryable(failure.error) && !goesRound)) return { type: 'give-up' };
    return this.#retry(failure, moveOn ? usable[0] : undefined);
  }

  /** @param again the route to begin a new round with; `undefined`: the same one once more */
  #retry(failure: Failure, again: Route | undefined): NextStep {
    const budget = this.#everAnswered
      ? this.#reconnect.budget
      : Math.min(this.#reconnect.budget, FIRST_CONTACT_RETRIES);
    const asked = (failure.error as Partial<ClientError>).retryAfterMs ?? 0;
    if (asked > MAX_RETRY_AFTER_MS) return { type: 'give-up' };
    // Who allows no retry at all is told of a held-back answer too.
    const isNobodysFault = failure.readerWasAway || (failure.heldBack && budget > 0);
    if (!isNobodysFault && this.#spent++ >= budget) return { type: 'give-up' };
    if (again !== undefined) {
      this.#tried.clear();
      this.#deaths = 0;
      this.#current = again;
    }
    const { initialDelayMs, maxDelayMs } = this.#reconnect;
    const ceiling = Math.min(maxDelayMs, initialDelayMs * 2 ** Math.max(0, this.#spent - 1));
    // Half fixed, half random: apart from each other, yet never at once.
    const delayMs = Math.max(ceiling / 2 + (Math.random() * ceiling) / 2, asked);
    return { type: 'retry', delayMs, attempt: this.#spent };
  }
}

/** What the same route would only do again. */
const UNFIT_ROUTE = new Set(['FRAME_TOO_LARGE', 'BUFFER_OVERFLOW']);

/** There was no answer at all. */
function isSilence(error: Error): boolean {
  return ClientConnectionError.isInstance(error) || ClientTimeoutError.isInstance(error);
}

/** An answer below 500 (but 408) would be the same the next time. */
function isRetryable(error: Error): boolean {
  if (UnsupportedByServerError.isInstance(error)) return false;
  if (!HTTPError.isInstance(error)) return true;
  return error.statusCode === undefined || error.statusCode >= 500 || error.statusCode === 408;
}
