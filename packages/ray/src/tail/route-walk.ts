import {
  type ClientError,
  HTTPError,
  TransportUnavailableError,
  UnsupportedByServerError,
} from '@raywire/core';
import type { FallbackStrategy } from '../fallback-strategy.js';
import type { Failure } from './attempt.js';
import { type Retry, RetryBudget } from './retry-budget.js';
import type { Route } from './routes.js';
import { isTooLarge } from './tail-errors.js';
import type { ReconnectOptions } from './tail-options.js';

/** What to do after a failure. */
export type NextStep =
  | { type: 'fallback'; to: Route }
  | { type: 'retry'; retry: Retry }
  | { type: 'give-up' };

/** A connection that lived this long renews the retry budget: proxies cut idle ones at 60 s. */
const RENEWED_AFTER_MS = 30_000;
const DEATHS_BEFORE_FALLBACK = 3;
/** What the same route would only do again. */
const UNFIT_ROUTE = new Set(['FRAME_TOO_LARGE', 'BUFFER_OVERFLOW']);

/** Walks the routes to one log, as far as the retry budget goes. */
export class RouteWalk {
  readonly #routes: readonly Route[];
  readonly #strategy: FallbackStrategy;
  readonly #budget: RetryBudget;
  readonly #tried = new Set<Route>();
  /** What these cannot do, they cannot do the next time either. */
  readonly #unfit = new Set<Route>();
  /** The server refused these: the same request would be refused again, until the tail has moved on. */
  readonly #refused = new Set<Route>();
  #current: Route;
  #deaths = 0;

  constructor(routes: readonly Route[], strategy: FallbackStrategy, reconnect: ReconnectOptions) {
    this.#routes = routes;
    this.#strategy = strategy;
    this.#budget = new RetryBudget(reconnect);
    this.#current = routes[0] as Route;
  }

  get current(): Route {
    return this.#current;
  }

  /** @param isHeldBack the job runs: something on the way keeps the answer until there is more of it */
  next(failure: Failure, isHeldBack: boolean): NextStep {
    const { route: from, error } = failure;
    if (failure.hadContact) this.#budget.establish();
    if (failure.progressed) this.#deaths = 0;
    if (failure.progressed || failure.livedMs >= RENEWED_AFTER_MS) {
      this.#budget.renew();
      this.#tried.clear();
      this.#refused.clear();
    }
    this.#tried.add(from);
    if (failure.accepted) this.#deaths++;
    if (isUnfit(error)) this.#unfit.add(from);
    else if (!isRetryable(error)) this.#refused.add(from);
    const isSpent =
      this.#deaths >= DEATHS_BEFORE_FALLBACK || UNFIT_ROUTE.has((error as Partial<ClientError>).code ?? '');
    const moveOn = isSpent || (!failure.sawFrame && this.#strategy.shouldFallback(error));
    const usable = this.#routes.filter((route) => !this.#unfit.has(route) && !this.#refused.has(route));
    const to = moveOn ? usable.find((route) => !this.#tried.has(route)) : undefined;
    if (to !== undefined) {
      this.#current = to;
      this.#deaths = 0;
      return { type: 'fallback', to };
    }
    const again = moveOn ? usable[0] : undefined;
    const mayHelp = usable.includes(from) || again !== undefined;
    // A frame that no route is left for would only come again.
    if (isTooLarge(error) || !mayHelp) return { type: 'give-up' };
    return this.#retry(failure, isHeldBack, again);
  }

  /** @param again the route to begin a new round with; `undefined`: the same one once more */
  #retry({ error, readerWasAway }: Failure, isHeldBack: boolean, again: Route | undefined): NextStep {
    const { retryAfterMs = 0 } = error as Partial<ClientError>;
    const retry = this.#budget.take(retryAfterMs, readerWasAway || isHeldBack);
    if (retry === undefined) return { type: 'give-up' };
    if (again !== undefined) {
      this.#tried.clear();
      this.#deaths = 0;
      this.#current = again;
    }
    return { type: 'retry', retry };
  }
}

/** The server, or this program, has not what the route needs. */
function isUnfit(error: Error): boolean {
  return UnsupportedByServerError.isInstance(error) || TransportUnavailableError.isInstance(error);
}

/** An answer below 500 (except 408) would be the same the next time. */
function isRetryable(error: Error): boolean {
  if (!HTTPError.isInstance(error)) return true;
  return error.statusCode >= 500 || error.statusCode === 408;
}
