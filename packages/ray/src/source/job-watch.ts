import {
  ClientError,
  ClientTimeoutError,
  type LogConnection,
  StreamGapError,
  StreamInterruptedError,
} from '@raywire/core';
import type { LinePipeline } from '../lines/line-pipeline.js';
import type { Attempt } from '../tail/attempt.js';
import type { TailTarget } from '../tail/tail-target.js';
import type { JobState } from './job-state.js';
import type { LogSource } from './log-source.js';

/** Asks for the state of the job, and notices when its ID stands for another job. */
export class JobWatch {
  readonly #target: TailTarget;
  readonly #pipeline: LinePipeline;
  readonly #signal: AbortSignal;
  readonly #onReplaced: (gap: StreamGapError) => void;
  #state: JobState | undefined;

  constructor(
    target: TailTarget,
    pipeline: LinePipeline,
    signal: AbortSignal,
    onReplaced: (gap: StreamGapError) => void,
  ) {
    this.#target = target;
    this.#pipeline = pipeline;
    this.#signal = signal;
    this.#onReplaced = onReplaced;
  }

  /** As last heard. */
  get state(): JobState | undefined {
    return this.#state;
  }

  /**
   * Asks now. False when it cannot be asked: the stream itself decides then.
   *
   * @throws {StreamGapError} when the job was submitted anew, unless that is to be survived
   */
  async ask(): Promise<boolean> {
    let state: JobState;
    try {
      state = await this.#target.state(this.#signal);
    } catch (error) {
      if (this.#signal.aborted) throw this.#signal.reason;
      if (!ClientError.isInstance(error)) throw error;
      return false;
    }
    this.#state = state;
    const { identity } = this.#pipeline;
    if (state.identity !== null && identity !== null && state.identity !== identity) {
      const message =
        'The ID stands for another run now (submitted anew, or restarted): its log is another one.';
      this.#onReplaced(new StreamGapError({ message }));
    }
    this.#pipeline.identity = state.identity ?? this.#pipeline.identity;
    return true;
  }

  /** After an attempt to read the log: what has become of the job says what that meant. */
  async askAfter(attempt: Attempt, source: LogSource): Promise<void> {
    if (attempt.accepted) {
      await this.ask();
    } else if (source.answerMayBeHeldBack && attempt.requested) {
      attempt.heldBack = ClientTimeoutError.isInstance(attempt.error) && (await this.isWritten());
    }
  }

  /** During silence: the job runs, and its log is still the one that is read. */
  async isWritten(): Promise<boolean> {
    const { identity } = this.#pipeline;
    return (await this.ask()) && this.#isStill(identity) && !this.#state?.terminal;
  }

  /**
   * While nothing was read, another job may have got the ID: its log would go on at the offset as well. A job that
   * cannot be asked has the benefit of the doubt.
   *
   * @param connection one that goes on at an offset; closed where that is of another log
   * @throws {StreamGapError} as `ask`
   * @throws {StreamInterruptedError} when the gap is told and survived
   */
  async checkLog(connection: LogConnection): Promise<void> {
    const { identity } = this.#pipeline;
    try {
      await this.ask();
      if (this.#isStill(identity)) return;
      throw new StreamInterruptedError({ message: 'The connection went on at an offset of the log before.' });
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Beside the first connection, so that it costs no time; what cannot be learnt now is asked later. */
  async learnIdentity(): Promise<void> {
    const state = await this.#target.state(this.#signal).catch(() => undefined);
    if (state === undefined) return;
    this.#state ??= state;
    this.#pipeline.identity ??= state.identity;
  }

  #isStill(identity: string | null): boolean {
    return identity === null || identity === this.#pipeline.identity;
  }
}
