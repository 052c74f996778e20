import { ClientError, StreamGapError, type TailCursor } from '@raywire/core';
import { DeliveryLimits } from '../lines/delivery-limits.js';
import type { LineBatch } from '../lines/line-batch.js';
import { LinePipeline, type PipelineStep } from '../lines/line-pipeline.js';
import { JobWatch } from '../source/job-watch.js';
import { LogReader } from '../source/log-reader.js';
import type { DecodedLines, LogEnd, OpenLogSource } from '../source/log-source.js';
import { type Attempt, newAttempt } from './attempt.js';
import { delay } from './delay.js';
import { PartialDisplay } from './partial-display.js';
import type { Routes } from './routes.js';
import { SourceOpener } from './source-opener.js';
import { type Route, routeName, SourceWalk } from './source-walk.js';
import type { TailEnd } from './tail-end.js';
import {
  asStreamError,
  finalError,
  interruption,
  isFinal,
  limitExceeded,
  noOffset,
  remoteError,
  shorterThanDelivered,
} from './tail-errors.js';
import type { TailEvent } from './tail-event.js';
import type { CheckedTailOptions } from './tail-options.js';
import { TailReport } from './tail-report.js';
import type { TailTarget } from './tail-target.js';

/** A reader that was away this long may have been dropped for it. */
const AWAY_MS = 5_000;
const MAX_ERRORS = 20;

/**
 * The tail engine: walks the sources, resumes where it was, and decides what is the end. It pulls: what the reader
 * does not take is not read, and so the socket stops.
 */
export class TailEngine {
  readonly #target: TailTarget;
  readonly #options: CheckedTailOptions;
  readonly #signal: AbortSignal;
  readonly #limits: DeliveryLimits;
  readonly #pipeline: LinePipeline;
  readonly #routes: Routes;
  readonly #walk: SourceWalk;
  readonly #errors: Error[] = [];
  readonly #job: JobWatch;
  readonly #opener: SourceOpener;
  readonly #partial: PartialDisplay;
  readonly #report: TailReport;

  constructor(target: TailTarget, routes: Routes, options: CheckedTailOptions, signal: AbortSignal) {
    this.#target = target;
    this.#options = options;
    this.#signal = signal;
    this.#limits = new DeliveryLimits(options.streamLimits);
    this.#pipeline = new LinePipeline({
      limits: this.#limits,
      carriageReturn: options.carriageReturn,
      cursor: options.cursor,
      beginsAtTail: options.tailLines !== undefined,
    });
    this.#job = new JobWatch(target, this.#pipeline, signal, (gap) => this.#survivedGap(gap));
    this.#report = new TailReport(this.#limits, this.#job);
    this.#opener = new SourceOpener(target, options, signal);
    this.#partial = new PartialDisplay(options.onPartial);
    this.#routes = routes;
    this.#walk = new SourceWalk(
      options.follow ? routes.live : routes.present,
      target.strategy,
      target.reconnect,
    );
  }

  /** The cursor after all that was handed on. */
  cursor(): TailCursor | undefined {
    return this.#pipeline.cursor(this.#target.jobId);
  }

  /** The cursor of a reader who has taken so many lines of a batch, or nothing yet. */
  readerCursor(taken: { batch: LineBatch; count: number } | undefined): TailCursor | undefined {
    return this.#pipeline.readerCursor(this.#target.jobId, taken);
  }

  /** How it ended; `untaken` are the lines of the last batch that the reader left, `error` is what the loop threw. */
  end(reason: TailEnd['reason'], untaken: readonly string[], error?: unknown): TailEnd {
    return this.#report.end(reason, untaken, error);
  }

  /**
   * The batches of the tail. Returns whether the end is that of the log or, with `follow: false`, the present one.
   *
   * @throws {ClientError} for everything that is not an end
   */
  async *run(): AsyncGenerator<LineBatch, 'complete' | 'caughtUp', void> {
    if (this.#options.cursor !== undefined) await this.#job.ask();
    else void this.#job.learnIdentity();
    for (;;) {
      const attempt = this.#newAttempt();
      const before = this.#pipeline.delivered;
      try {
        const end = yield* this.#read(this.#walk.current, attempt);
        if (end !== undefined) return end;
      } catch (error) {
        attempt.error = this.#survivable(error, attempt);
      }
      attempt.livedMs = attempt.accepted ? performance.now() - attempt.startedAt : 0;
      attempt.progressed = this.#pipeline.delivered.bytes > before.bytes;
      if (attempt.progressed) this.#errors.length = 0;
      this.#noteError(attempt.error);
      const mayBeWhole = attempt.accepted && attempt.terminalBefore;
      if (mayBeWhole && (yield* this.#prove())) return 'complete';
      await this.#job.askAfter(attempt, this.#walk.current.source);
      const failure = await this.#recover(attempt);
      if (failure === undefined) continue;
      if (!mayBeWhole && this.#job.state?.terminal && (yield* this.#prove())) return 'complete';
      throw failure;
    }
  }

  /** Reads one route: its proper end, or `undefined` with the failure noted in `attempt`. */
  async *#read(
    route: Route,
    attempt: Attempt,
  ): AsyncGenerator<LineBatch, 'complete' | 'caughtUp' | undefined, void> {
    if (route.source.kind === 'finite') await this.#job.ask();
    const open = await this.#open(route, attempt);
    const reader = new LogReader(open, {
      groupSize: this.#options.streamLimits.queueSize,
      heartbeat: this.#target.heartbeat,
      ask: () => this.#job.isWritten(),
    });
    let last: DecodedLines = { lines: [] };
    try {
      for await (const decoded of reader.read()) {
        yield* this.#deliver(this.#pipeline.push(decoded, open.decoder.countsMessages), attempt);
        last = decoded;
        // Where a line has ended and nothing is known of the next one, nothing is unfinished.
        this.#showPartial(decoded.unfinished ?? (decoded.lines.length > 0 ? '' : undefined));
        if (decoded.end !== undefined) break;
      }
    } finally {
      attempt.sawFrame = reader.sawFrame;
    }
    const end = last.end ?? (reader.endedOrderly ? this.#endOfFinite(route) : undefined);
    if (end?.type === 'complete' && !this.#endsEarly(end)) {
      if (reader.endedOrderly) {
        const { keepsLastReturn } = open.decoder;
        yield* this.#deliver(this.#pipeline.pushRest(last.unfinished ?? '', keepsLastReturn), attempt);
      }
      this.#showPartial('');
      this.#checkReached();
      await this.#report.noteExit(end);
      return 'complete';
    }
    if (end?.type === 'caughtUp') {
      this.#checkReached();
      await this.#report.noteExit(end);
      return 'caughtUp';
    }
    if (end?.type === 'error') throw remoteError(end.message);
    attempt.error = interruption(end, await open.connection.closed, attempt, this.cursor());
    return undefined;
  }

  async #open(route: Route, attempt: Attempt): Promise<OpenLogSource> {
    const { checkpoint, delivered, relative } = this.#pipeline;
    const fresh = delivered.bytes === 0 && checkpoint === null;
    const tailLines = fresh && relative ? this.#options.tailLines : undefined;
    attempt.byOffset = checkpoint !== null;
    const open = await this.#opener.open(route, { offset: checkpoint?.offset, tailLines }, attempt);
    if (open.startsAt === 'beginning' && relative) {
      open.connection.close();
      throw noOffset(this.cursor());
    }
    attempt.accepted = true;
    attempt.startedAt = performance.now();
    if (open.startsAt === 'offset') await this.#job.checkLog(open.connection);
    this.#pipeline.begin(open.startsAt);
    const transport = routeName(route);
    this.#report.noteConnection(transport);
    const cursor = fresh ? undefined : this.cursor();
    this.#emit({ type: 'connect', transport, source: route.source.name, cursor });
    return open;
  }

  *#deliver(step: PipelineStep, attempt: Attempt): Generator<LineBatch, void, void> {
    if (step.batch !== undefined) {
      const handedOver = performance.now();
      yield step.batch;
      attempt.readerWasAway ||= performance.now() - handedOver > AWAY_MS;
    }
    if (step.exceeded !== undefined) throw limitExceeded(step.exceeded, this.cursor());
  }

  #showPartial(unfinished: string | undefined): void {
    if (unfinished === undefined || this.#pipeline.skipping) return;
    this.#partial.show(() => this.#pipeline.shown(unfinished));
  }

  /** The orderly end of a finite read is the present end of the log, and its very end if the job had ended before. */
  #endOfFinite(route: Route): LogEnd | undefined {
    if (route.source.kind !== 'finite') return undefined;
    if (this.#job.state?.terminal) return { type: 'complete' };
    return this.#options.follow
      ? undefined
      : { type: 'caughtUp', ...(this.#job.state && { status: this.#job.state.status }) };
  }

  /** The server says that it sent everything, but its own count is higher. */
  #endsEarly(end: LogEnd & { type: 'complete' }): boolean {
    const { checkpoint, delivered, relative } = this.#pipeline;
    const reached = checkpoint?.offset ?? (delivered.bytes === 0 && !relative ? 0 : undefined);
    return end.offset !== undefined && reached !== undefined && reached < end.offset;
  }

  /** At the log's end, its last unterminated line included, all that was delivered has come by again. */
  #checkReached(): void {
    if (this.#pipeline.skipping) throw shorterThanDelivered(this.cursor());
  }

  /** After the job has ended: reads the finite log once, and compares. True when it is delivered to its end. */
  async *#prove(): AsyncGenerator<LineBatch, boolean, void> {
    for (const route of this.#report.everConnected ? this.#routes.finite : this.#routes.allowed) {
      const attempt = this.#newAttempt();
      try {
        const end = yield* this.#read(route, attempt);
        // Asked again: a server may have been wrong about the state for a moment.
        if (end === 'complete' && (await this.#job.ask()) && this.#job.state?.terminal) return true;
      } catch (error) {
        this.#noteError(this.#survivable(error, attempt));
      }
    }
    return false;
  }

  /** Waits, or moves on to the next source; gives the final error when there is nothing left to try. */
  async #recover(attempt: Attempt): Promise<Error | undefined> {
    const from = this.#walk.current;
    const next = this.#walk.next(attempt);
    if (next.type === 'fallback') {
      const names = { from: routeName(next.from), to: routeName(next.to) };
      const error = this.#safe(attempt.error);
      this.#emit({ type: 'fallback', ...names, source: next.to.source.name, error });
      return undefined;
    }
    if (next.type === 'give-up') {
      const attempts = this.#errors.map((error) => this.#safe(error));
      const { lines } = this.#limits;
      return finalError(attempt.error, {
        attempts,
        everConnected: this.#report.everConnected,
        lines,
        timeoutMs: this.#options.timeoutMs,
        cursor: this.cursor(),
      });
    }
    const told = { transport: routeName(from), source: from.source.name, error: this.#safe(attempt.error) };
    this.#emit({ type: 'reconnect', ...told, attempt: next.attempt, delayMs: next.delayMs });
    await delay(next.delayMs, this.#signal);
    return undefined;
  }

  /** Lets through what another attempt may mend, and throws the rest. */
  #survivable(error: unknown, attempt: Attempt): Error {
    if (this.#signal.aborted) throw this.#signal.reason;
    const told = asStreamError(error, attempt, this.#options.streamLimits, this.cursor());
    if (StreamGapError.isInstance(told)) return this.#survivedGap(told);
    if (!ClientError.isInstance(told) || isFinal(told)) throw told;
    return told;
  }

  #survivedGap(gap: StreamGapError): Error {
    const cursor = gap.cursor ?? this.cursor();
    const error =
      gap.cursor === undefined ? new StreamGapError({ message: gap.message, cursor, cause: gap.cause }) : gap;
    if (this.#options.onGap === 'error') throw error;
    this.#emit({ type: 'gap', cursor: this.cursor(), error: this.#safe(error) });
    this.#pipeline.restart();
    return error;
  }

  /** For the cause of the final error; a tail of weeks may have many. */
  #noteError(error: Error): void {
    if (this.#errors.push(error) > MAX_ERRORS) this.#errors.shift();
  }

  #newAttempt(): Attempt {
    return newAttempt(this.#job.state?.terminal ?? false);
  }

  #emit(event: TailEvent): void {
    this.#options.onEvent?.(event);
  }

  #safe(error: Error): Error {
    return this.#target.api.redactor.sanitize(error);
  }
}
