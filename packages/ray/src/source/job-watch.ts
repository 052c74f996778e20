import { ClientError, ClientTimeoutError, NotFoundError, StreamGapError } from '@raywire/core';
import { within } from '@raywire/core/internal';
import type { JobState } from './job-state.js';

/**
 * Knows the job whose log is read: its state as last reported, and which run of its ID it is. A job that is deleted and
 * submitted again under the same ID has another log.
 */
export class JobWatch {
  readonly #request: (signal: AbortSignal) => Promise<JobState>;
  readonly #signal: AbortSignal;
  #state: JobState | undefined;
  #identity: string | null;
  #requests = 0;
  #reported = 0;

  /**
   * @param request gives the present state
   * @param identity the run that is expected, where that is known already
   */
  constructor(
    request: (signal: AbortSignal) => Promise<JobState>,
    signal: AbortSignal,
    identity: string | null = null,
  ) {
    this.#request = request;
    this.#signal = signal;
    this.#identity = identity;
  }

  /** As last reported; `undefined` before the first report. */
  get state(): JobState | undefined {
    return this.#state;
  }

  /** The run that is watched; `null` until the server has named one. */
  get identity(): string | null {
    return this.#identity;
  }

  /**
   * Requests the state.
   *
   * @throws {StreamGapError} when the ID stands for another run
   * @throws {ClientError} when the server does not say
   */
  async refresh(): Promise<JobState> {
    const number = ++this.#requests;
    const state = await this.#request(this.#signal);
    // Requests may overtake each other: the latest one counts.
    if (number < this.#reported) return this.#state ?? state;
    this.#reported = number;
    return this.report(state);
  }

  /**
   * Takes note of the state where it came with something else.
   *
   * @throws {StreamGapError} when the ID stands for another run
   */
  report(state: JobState): JobState {
    this.#state = state;
    if (state.identity === null) return state;
    if (this.#identity !== null && this.#identity !== state.identity) throw replaced();
    this.#identity = state.identity;
    return state;
  }

  /**
   * Requests the state; false when the server does not say.
   *
   * @throws {StreamGapError} when the ID stands for another run
   */
  async tryRefresh(): Promise<boolean> {
    try {
      await this.refresh();
      return true;
    } catch (error) {
      if (this.#signal.aborted) throw this.#signal.reason;
      if (StreamGapError.isInstance(error) || !ClientError.isInstance(error)) throw error;
      return false;
    }
  }

  /** Requests the state; whether the job runs. False when the server does not say. */
  async isRunning(): Promise<boolean> {
    return (await this.tryRefresh()) && this.#state?.terminal === false;
  }

  /**
   * Whether a job that was reported to have ended really has: requested once more, since a head may be wrong for a
   * moment. A job that is gone by then was deleted after its end.
   *
   * @throws {ClientError} when the server does not say
   */
  async confirmEnd(): Promise<boolean> {
    if (this.#state?.terminal !== true) return false;
    try {
      return (await this.refresh()).terminal;
    } catch (error) {
      if (NotFoundError.isInstance(error)) return true;
      throw error;
    }
  }

  /**
   * The state of a job whose log is no longer read: requested once more unless it is known to have ended, and as last
   * reported where the server does not say in time.
   */
  async atEnd(timeoutMs: number): Promise<JobState | undefined> {
    if (this.#state?.terminal) return this.#state;
    const request = new AbortController();
    const late = (): Error => new ClientTimeoutError({ message: 'The job was not reported in time.' });
    try {
      const state = await within(this.#request(request.signal), { timeoutMs, late });
      const isSame = [null, state.identity].includes(this.#identity);
      return isSame ? state : this.#state;
    } catch {
      // The tail is over, and its end has been told by an error where there was one.
      return this.#state;
    } finally {
      request.abort();
    }
  }

  /** After `refresh` has thrown a `StreamGapError`: watches the other run from now on. */
  acceptRun(): void {
    this.#identity = this.#state?.identity ?? null;
  }
}

function replaced(): StreamGapError {
  return new StreamGapError({
    message:
      'The job ID stands for another run now (submitted again, or restarted), with another log. ' +
      "Pass onGap: 'continue' to read the new log.",
  });
}
