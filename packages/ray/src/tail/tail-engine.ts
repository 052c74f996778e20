import { ClientError, ClientTimeoutError, StreamGapError, type TailCursor } from '@raywire/core';
import { delay } from '@raywire/core/internal';
import { DeliveryLimits } from '../lines/delivery-limits.js';
import type { LineBatch } from '../lines/line-batch.js';
import { LinePipeline, type PipelineStep, type ResumePlace } from '../lines/line-pipeline.js';
import { JobWatch } from '../source/job-watch.js';
import { LogReader } from '../source/log-reader.js';
import type { DecodedLines, LogEnd, OpenLogSource } from '../source/log-source.js';
import type { Attempt, Failure } from './attempt.js';
import { PartialDisplay } from './partial-display.js';
import { RouteWalk } from './route-walk.js';
import { type Route, type Routes, routeName } from './routes.js';
import { SourceOpener } from './source-opener.js';
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
 * The tail engine: walks the routes, resumes where it was, and decides what is the end. It pulls: what the reader does
 * not take is not read, and so the socket stops.
 */
export class TailEngine {
  readonly #target: TailTarget;
  readonly #options: CheckedTailOptions;
  readonly #signal: AbortSignal;
  readonly #limits: DeliveryLimits;
  readonly #pipeline: LinePipeline;
  readonly #routes: Routes;
  readonly #walk: RouteWalk;
  readonly #job: JobWatch;
  readonly #opener: SourceOpener;
  readonly #partial: PartialDisplay;
  /** What the end is told by. */
  readonly report: TailReport;
  /** For the cause of the final error. */
  readonly #errors: Error[] = [];

  constructor(target: TailTarget, routes: Routes, options: CheckedTailOptions, signal: AbortSignal) {
    this.#target = target;
    this.#options = options;
    this.#signal = signal;
    this.#limits = new DeliveryLimits(options.streamLimits);
    this.#pipeline = new LinePipeline({
      limits: this.#limits,
      view: options,
      cursor: options.cursor,
      beginsAtTail: options.tailLines !== undefined,
    });
    this.#job = new JobWatch(target.state, signal, options.cursor?.identity);
    this.report = new TailReport(this.#limits, this.#job, target.api.redactor);
    this.#opener = new SourceOpener(target, options, this.#job, signal);
    this.#partial = new PartialDisplay(options.onPartial);
    this.#routes = routes;
    const walked = options.follow ? routes.live : routes.present;
    this.#walk = new RouteWalk(walked, target.strategy, target.reconnect);
  }

  /** The cursor of a reader who has taken so many lines of a batch, or nothing yet. */
  readerCursor(taken: { batch: LineBatch; count: number } | undefined): TailCursor | undefined {
    return this.#cursorAt(this.#pipeline.readerPlace(taken));
  }

  /**
   * The batches of the tail. Returns whether the end is that of the log or, with `follow: false`, the present one.
   *
   * @throws {ClientError} for everything that is not an end
   */
  async *run(): AsyncGenerator<LineBatch, 'complete' | 'caughtUp', void> {
    if (this.#options.cursor !== undefined) await this.#check(() => this.#job.tryRefresh());
    // Beside the first connection, so that it costs no time; what cannot be had now is requested later.
    else this.#job.tryRefresh().catch(() => undefined);
    for (;;) {
      const hadEnded = this.#job.state?.terminal ?? false;
      const attempt = yield* this.#read(this.#walk.current);
      if ('end' in attempt) return attempt.end;
      const mayBeWhole = attempt.accepted && hadEnded;
      if (mayBeWhole && (yield* this.#prove())) return 'complete';
      if (attempt.accepted) await this.#check(() => this.#job.tryRefresh());
      const failure = await this.#recover(attempt, await this.#isHeldBack(attempt));
      if (failure === undefined) continue;
      if (!mayBeWhole && this.#job.state?.terminal && (yield* this.#prove())) return 'complete';
      throw failure;
    }
  }

  /** Reads one route until the log or the connection ends. */
  async *#read(route: Route): AsyncGenerator<LineBatch, Attempt, void> {
    const before = this.#pipeline.delivered.bytes;
    const byOffset = this.#pipeline.checkpoint !== null;
    let open: OpenLogSource | undefined;
    let reader: LogReader | undefined;
    let openedAt = 0;
    let readerWasAway = false;
    let error: Error;
    try {
      open = await this.#open(route);
      openedAt = performance.now();
      reader = new LogReader(open, {
        queueSize: this.#options.streamLimits.queueSize,
        heartbeat: this.#target.heartbeat,
        isRunning: () => this.#job.isRunning(),
        signal: this.#signal,
      });
      let last: DecodedLines = { lines: [] };
      for await (const decoded of reader.read()) {
        const step = this.#pipeline.push(decoded);
        const dropped = this.#pipeline.takeDropped();
        if (dropped !== undefined) this.#emit({ type: 'dropped', bytes: dropped });
        readerWasAway = (yield* this.#deliver(step)) || readerWasAway;
        last = decoded;
        // Where a line has ended and nothing is known of the next one, nothing is unfinished.
        this.#showPartial(decoded.unfinished ?? (decoded.lines.length > 0 ? '' : undefined));
        if (decoded.end !== undefined) break;
      }
      const isOver = last.end === undefined && reader.endedOrderly;
      const end = isOver ? await open.end?.(this.#pipeline.bytesWith(last.rest)) : last.end;
      if (end?.type === 'error') throw remoteError(end.message);
      if (end?.type === 'caughtUp' || (end?.type === 'complete' && !this.#endsEarly(end))) {
        if (end.type === 'complete') {
          yield* this.#deliver(this.#pipeline.pushRest(last.rest));
          this.#showPartial('');
        }
        // At the log's end, its last unterminated line included, all that was delivered has come by again.
        if (this.#pipeline.skipping) throw shorterThanDelivered(this.#cursor());
        await this.report.noteExit(end);
        return { end: end.type };
      }
      error = interruption(end, await open.connection.closed, { byOffset }, this.#cursor());
    } catch (thrown) {
      error = this.#survivable(thrown, byOffset || open !== undefined);
    }
    return this.#noteFailure({
      route,
      error,
      accepted: open !== undefined,
      hadContact: open !== undefined || this.#opener.hasWaited,
      sawFrame: reader?.sawFrame ?? false,
      progressed: this.#pipeline.delivered.bytes > before,
      livedMs: open === undefined ? 0 : performance.now() - openedAt,
      readerWasAway,
    });
  }

  async #open(route: Route): Promise<OpenLogSource> {
    const { checkpoint, delivered, relative } = this.#pipeline;
    const fresh = delivered.bytes === 0 && checkpoint === null;
    const tailLines = fresh && relative ? this.#options.tailLines : undefined;
    const { offset, anchor } = checkpoint ?? {};
    const open = await this.#opener.open(route, { offset, anchor, tailLines });
    const { startsAt } = open;
    const isResumed = startsAt !== undefined && startsAt === checkpoint?.offset;
    const isTail = startsAt === 'tail' || (startsAt !== undefined && tailLines !== undefined);
    try {
      if (!isResumed && !isTail && relative) throw noOffset(this.#cursor());
      // While nothing was read, another job may have got the ID: its log would go on at the offset as well.
      if (isResumed) await this.#job.tryRefresh();
    } catch (error) {
      open.connection.close();
      throw error;
    }
    this.#pipeline.begin(isResumed ? 'offset' : isTail ? 'tail' : 'beginning', open);
    const transport = routeName(route);
    this.report.noteConnection(transport);
    const cursor = fresh ? undefined : this.#cursor();
    this.#emit({ type: 'connect', transport, source: route.source.name, cursor });
    return open;
  }

  /** Returns whether the reader was away for long. */
  *#deliver({ batch, exceeded }: PipelineStep): Generator<LineBatch, boolean, void> {
    const handedOver = performance.now();
    if (batch !== undefined) yield batch;
    if (exceeded !== undefined) throw limitExceeded(exceeded, this.#options.streamLimits, this.#cursor());
    return performance.now() - handedOver > AWAY_MS;
  }

  #showPartial(unfinished: string | undefined): void {
    if (unfinished === undefined || this.#pipeline.skipping) return;
    this.#partial.show(() => this.#pipeline.shown(unfinished));
  }

  /** The server says that it sent everything, but its own count is higher. */
  #endsEarly(end: LogEnd & { type: 'complete' }): boolean {
    const { checkpoint, delivered, relative } = this.#pipeline;
    const reached = checkpoint?.offset ?? (delivered.bytes === 0 && !relative ? 0 : undefined);
    return end.offset !== undefined && reached !== undefined && reached < end.offset;
  }

  /** After the job has ended: reads the finite log once, and compares. True when it is delivered to its end. */
  async *#prove(): AsyncGenerator<LineBatch, boolean, void> {
    for (const route of this.report.everConnected ? this.#routes.finite : this.#routes.allowed) {
      const attempt = yield* this.#read(route);
      if (!('end' in attempt) || attempt.end !== 'complete') continue;
      if (await this.#check(() => this.#job.confirmEnd())) return true;
    }
    return false;
  }

  /** No answer came in time, and the job runs: the answer may be held back on the way until there is more of it. */
  async #isHeldBack({ route, accepted, error }: Failure): Promise<boolean> {
    // A REST call that was silent for readTimeoutMs is another thing.
    const isLate = ClientTimeoutError.isInstance(error) && error.code !== 'READ_TIMEOUT';
    if (accepted || !route.source.answerMayBeHeldBack || !isLate) return false;
    return this.#check(() => this.#job.isRunning());
  }

  /** Waits, or moves on to the next source; gives the final error when there is nothing left to try. */
  async #recover(attempt: Failure, isHeldBack: boolean): Promise<Error | undefined> {
    const { route } = attempt;
    const next = this.#walk.next(attempt, isHeldBack);
    const error = this.#safe(attempt.error);
    if (next.type === 'fallback') {
      const names = { from: routeName(route), to: routeName(next.to) };
      this.#emit({ type: 'fallback', ...names, source: next.to.source.name, error });
      return undefined;
    }
    if (next.type === 'give-up') {
      return finalError(attempt.error, {
        attempts: this.#errors.map((earlier) => this.#safe(earlier)),
        everConnected: this.report.everConnected,
        lines: this.#limits.lines,
        timeoutMs: this.#options.timeoutMs,
        cursor: this.#cursor(),
      });
    }
    const told = { transport: routeName(route), source: route.source.name, error, ...next.retry };
    this.#emit({ type: 'reconnect', ...told });
    await delay(told.delayMs, this.#signal);
    return undefined;
  }

  /** What is to be known of the job; false when the server does not say, or another run was found and is to be read. */
  async #check(question: () => Promise<boolean>): Promise<boolean> {
    try {
      return await question();
    } catch (error) {
      this.#survivable(error, false);
      return false;
    }
  }

  /** Lets through what another attempt may mend, and throws the rest. */
  #survivable(error: unknown, isAboutOffset: boolean): Error {
    if (this.#signal.aborted) throw this.#signal.reason;
    const told = asStreamError(error, isAboutOffset, this.#options.streamLimits, this.#cursor());
    if (StreamGapError.isInstance(told)) return this.#survivedGap(told);
    if (!ClientError.isInstance(told) || isFinal(told)) throw told;
    return told;
  }

  #survivedGap(gap: StreamGapError): Error {
    const { message, cause, cursor = this.#cursor() } = gap;
    const error = new StreamGapError({ message, cause, cursor });
    if (this.#options.onGap === 'error') throw error;
    this.#emit({ type: 'gap', cursor: this.#cursor(), error: this.#safe(error) });
    this.#pipeline.restart();
    this.#job.acceptRun();
    return error;
  }

  /** A tail of weeks may have many: the last ones are kept, since the last line that came. */
  #noteFailure(failure: Failure): Failure {
    if (failure.progressed) this.#errors.length = 0;
    if (this.#errors.push(failure.error) > MAX_ERRORS) this.#errors.shift();
    return failure;
  }

  /** The cursor after all that was handed on. */
  #cursor(): TailCursor | undefined {
    return this.#cursorAt(this.#pipeline.place);
  }

  #cursorAt(place: ResumePlace | undefined): TailCursor | undefined {
    return place && { version: 1, jobId: this.#target.jobId, identity: this.#job.identity, ...place };
  }

  #emit(event: TailEvent): void {
    this.#options.onEvent?.(event);
  }

  #safe(error: Error): Error {
    return this.#target.api.redactor.sanitize(error);
  }
}
