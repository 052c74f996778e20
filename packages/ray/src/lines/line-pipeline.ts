import { StreamGapError, type TailCursor } from '@raywire/core';
import type { LogPosition } from '@raywire/core/internal';
import type { DecodedLines, LineList, OpenLogSource } from '../source/log-source.js';
import { AnchoredPlace } from './anchored-place.js';
import { ChangedLines } from './changed-lines.js';
import type { DeliveryLimit, DeliveryLimits } from './delivery-limits.js';
import { indexAfterBytes } from './index-after-bytes.js';
import type { LineBatch } from './line-batch.js';
import { LOG_BEGINNING, PositionWalker } from './log-position.js';
import { OpenLine } from './open-line.js';
import { type LineView, shownLine } from './shown-line.js';
import { withoutLines } from './without-lines.js';

/** What one step gives: perhaps lines, perhaps the limit that comes after them. */
export interface PipelineStep {
  batch?: LineBatch;
  exceeded?: DeliveryLimit | undefined;
}

/** A place in the log to go on at. */
export type ResumePlace = Pick<TailCursor, 'position' | 'checkpoint' | 'relative'>;

/**
 * From decoded lines to delivered ones: drops what was delivered before (by count and hash), shows lines as a
 * terminal does, applies the limits, and always knows the position. Nothing in it grows with the log.
 */
export class LinePipeline {
  readonly #walker = new PositionWalker();
  readonly #limits: DeliveryLimits;
  readonly #view: LineView;
  #delivered: LogPosition;
  #checkpoint: TailCursor['checkpoint'];
  #relative: boolean;
  #source: Pick<OpenLogSource, 'anchorAt'> = {};
  // How far the present connection was read: behind `#delivered` while it repeats what was delivered.
  #streamed: LogPosition;
  #openLine: OpenLine | undefined;
  #newest: LineBatch | undefined;
  #dropped: number | undefined;

  constructor(options: {
    limits: DeliveryLimits;
    view: LineView;
    cursor: TailCursor | undefined;
    /** The tail begins so many lines before the log's end: until it has learnt where, it has no cursor. */
    beginsAtTail?: boolean;
  }) {
    const { cursor } = options;
    this.#limits = options.limits;
    this.#view = options.view;
    this.#delivered = cursor?.position ?? LOG_BEGINNING;
    this.#checkpoint = cursor?.checkpoint ?? null;
    this.#relative = cursor?.relative ?? options.beginsAtTail ?? false;
    this.#streamed = this.#delivered;
  }

  /** Just after the last line that was handed on. */
  get delivered(): LogPosition {
    return this.#delivered;
  }

  get checkpoint(): TailCursor['checkpoint'] {
    return this.#checkpoint;
  }

  /** The stream repeats what was delivered before, and has not reached its end. */
  get skipping(): boolean {
    return this.#streamed.bytes < this.#delivered.bytes;
  }

  /** The tail began in the middle, so that a stream from the log's beginning cannot be matched with it. */
  get relative(): boolean {
    return this.#relative;
  }

  /** Canonical bytes of the log up to the end of what the present connection has sent, an unfinished line included. */
  bytesWith(rest: string = ''): number {
    return (this.#openLine?.position ?? this.#position()).bytes + this.#walker.lengthOf(rest);
  }

  /** A new connection begins: at the checkpoint's offset, at the log's beginning, or `tailLines` before its end. */
  begin(at: 'offset' | 'beginning' | 'tail', source: Pick<OpenLogSource, 'anchorAt'> = {}): void {
    this.#openLine = undefined;
    this.#source = source;
    this.#streamed = (at === 'offset' ? this.#checkpoint?.position : undefined) ?? LOG_BEGINNING;
    if (at === 'tail') this.#relative = true;
  }

  /** Forgets the position: the log is another one now. */
  restart(): void {
    this.#delivered = { ...LOG_BEGINNING, lines: this.#delivered.lines };
    this.#checkpoint = null;
    this.#relative = false;
  }

  /** @throws {StreamGapError} when the log is not the one that was delivered */
  push(decoded: DecodedLines): PipelineStep {
    this.#noteBeginning(decoded.offsetBefore);
    this.#mark(decoded.offsetBefore);
    const step = this.#pushLines(decoded);
    if (step.exceeded !== undefined) return step;
    this.#mark(decoded.offset, decoded.before);
    if (decoded.folded) this.#fold(decoded.folded);
    return this.#isOutgrown(decoded.unfinished) ? { ...step, exceeded: 'maxMessageSize' } : step;
  }

  /** The log's last line, if it has no newline. */
  pushRest(rest: string | undefined): PipelineStep {
    return rest === undefined && this.#openLine === undefined ? {} : this.push({ lines: [rest ?? ''] });
  }

  /** The place after all that was handed on; `undefined` while a tail of the last lines does not know it. */
  get place(): ResumePlace | undefined {
    return this.#placeAt(this.#delivered, this.#checkpoint);
  }

  /**
   * The place of a reader who has taken the first `count` lines of a batch, or nothing yet. A newer batch may be on its
   * way to him: it does not count.
   */
  readerPlace(taken: { batch: LineBatch; count: number } | undefined): ResumePlace | undefined {
    const newest = this.#newest;
    if (newest === undefined) return this.place;
    const { batch, count } = taken ?? { batch: newest, count: 0 };
    if (batch === newest && count === batch.lines.length) return this.place;
    return this.#placeAt(this.#within(batch, count), batch.checkpoint);
  }

  #placeAt(position: LogPosition, checkpoint: TailCursor['checkpoint']): ResumePlace | undefined {
    if (this.#relative && checkpoint === null) return undefined;
    const plain = checkpoint instanceof AnchoredPlace ? checkpoint.plain : checkpoint;
    return { position, checkpoint: plain, relative: this.#relative };
  }

  // Goes on from where it was computed before, so that a cursor for each line costs a line, not the batch.
  #within(batch: LineBatch, count: number): LogPosition {
    if (count === 0) return batch.start;
    if (count === batch.lines.length) return batch.end;
    const { reached } = batch;
    const lines = batch.raw.slice(reached.count, count);
    batch.reached = { count, position: this.#walker.afterLines(reached.position, { lines }) };
    return batch.reached.position;
  }

  /** How many bytes before the first line the log had lost, told once. */
  takeDropped(): number | undefined {
    const dropped = this.#dropped;
    this.#dropped = undefined;
    return dropped;
  }

  /** The unfinished line as it would be delivered. */
  shown(unfinished: string): string {
    return this.#openLine?.shownWith(unfinished) ?? shownLine(unfinished, this.#view);
  }

  // While skipping, the stream has its own line count; from the target on it is the delivered one.
  #position(): LogPosition {
    return this.skipping ? this.#streamed : this.#delivered;
  }

  /** A log that was to be read from its beginning starts later: there is nothing to match another stream with. */
  #noteBeginning(offset: number | undefined): void {
    if (!offset || this.#relative || this.#delivered.bytes > 0 || this.#checkpoint?.offset === offset) return;
    this.#relative = true;
    this.#dropped = offset;
  }

  /** An offset stands for a place between lines only; one of a log that may be another one yet is not kept. */
  #mark(offset: number | undefined, before: Uint8Array = new Uint8Array(0)): void {
    if (offset === undefined || this.#openLine !== undefined || this.skipping) return;
    // Nothing has come yet: there is nothing before it to make a new anchor of.
    if (offset === this.#checkpoint?.offset) return;
    const place = { offset, position: this.#position() };
    const anchor = this.#source.anchorAt?.(offset, before);
    this.#checkpoint = anchor === undefined ? place : new AnchoredPlace(place, anchor);
  }

  #pushLines(decoded: DecodedLines): PipelineStep {
    let raw = decoded.lines;
    if (raw.length === 0) return {};
    const start = this.#delivered;
    const checkpoint = this.#checkpoint;
    let { messages, canonical } = decoded;
    let opened = this.#openLine;
    let base = opened?.position ?? this.#position();
    let end = this.#walker.afterLines(base, decoded);
    this.#openLine = undefined;
    if (this.skipping) {
      if (end.bytes < start.bytes) {
        this.#streamed = end;
        return {};
      }
      const text = this.#afterDelivered(base, decoded.text ?? `${raw.slice().join('\n')}\n`);
      const kept = text === '' ? [] : text.slice(0, -1).split('\n');
      if (typeof messages === 'object') messages = withoutLines(messages, raw.length, kept.length);
      raw = kept;
      canonical = undefined;
      this.#streamed = start;
      opened = undefined;
      base = start;
      end = this.#walker.afterLines(base, { lines: raw });
      if (raw.length === 0) return {};
    }
    const shown = this.#show(raw, opened, canonical?.withMoves);
    const bytes = end.bytes - base.bytes - raw.length + shown.addedBytes;
    const longest = opened === undefined && !shown.isLonger ? canonical?.longest : undefined;
    const { lines, exceeded } = this.#limits.take(shown.lines, { bytes, longest, messages });
    if (lines.length === 0) return { exceeded };
    this.#delivered =
      lines.length === raw.length
        ? end
        : this.#walker.afterLines(base, { lines: raw.slice(0, lines.length) });
    this.#streamed = this.#delivered;
    const reached = { count: 0, position: base };
    this.#newest = { lines, raw, start, end: this.#delivered, checkpoint, reached };
    return { batch: this.#newest, exceeded };
  }

  /**
   * The lines as they are delivered, how many bytes they take more than in the log, and whether one of them does.
   *
   * @param withMoves the indices of those that may move the cursor, where they are known
   */
  #show(
    raw: LineList,
    opened: OpenLine | undefined,
    withMoves: readonly number[] | undefined,
  ): { lines: LineList; addedBytes: number; isLonger: boolean } {
    const { carriageReturn, ansi } = this.#view;
    const changes: string[] = [];
    let addedBytes = 0;
    let isLonger = false;
    const show = (index: number): void => {
      const line = raw.at(index) as string;
      const isOpened = index === 0 && opened !== undefined;
      const shown = isOpened ? opened.shownWith(line) : shownLine(line, this.#view);
      if (shown === line || changes[index] !== undefined) return;
      changes[index] = shown;
      const added = this.#walker.lengthOf(shown) - this.#walker.lengthOf(line);
      addedBytes += added;
      isLonger ||= added > 0;
    };
    if (ansi === 'strip' || (carriageReturn === 'collapse' && withMoves === undefined)) {
      for (let index = 0; index < raw.length; index++) show(index);
    } else {
      if (opened !== undefined) show(0);
      if (carriageReturn === 'collapse') withMoves?.forEach(show);
    }
    return { lines: changes.length === 0 ? raw : new ChangedLines(raw, changes), addedBytes, isLonger };
  }

  #fold(text: string): void {
    this.#openLine ??= this.#newOpenLine(this.#position());
    const open = this.#openLine;
    const from = open.position;
    const to = this.#walker.afterText(from, text);
    if (!this.skipping) {
      open.append(text);
      open.position = to;
      return;
    }
    if (to.bytes < this.#delivered.bytes) {
      open.position = to;
      return;
    }
    const rest = this.#afterDelivered(from, text);
    this.#streamed = this.#delivered;
    this.#openLine = this.#newOpenLine(this.#walker.afterText(this.#delivered, rest));
    this.#openLine.append(rest);
  }

  /** What is truncated anyway need not be held: the mark replaces it. */
  #newOpenLine(position: LogPosition): OpenLine {
    const { oversize, maxMessageSize } = this.#limits.limits;
    return new OpenLine(this.#view, position, oversize === 'truncate' ? maxMessageSize + 1 : undefined);
  }

  #isOutgrown(unfinished: string | undefined): boolean {
    if (this.skipping || (unfinished === undefined && this.#openLine === undefined)) return false;
    const size = (unfinished?.length ?? 0) + (this.#openLine?.length ?? 0);
    return (
      size * 3 > this.#limits.limits.maxMessageSize && this.#limits.outgrown(this.shown(unfinished ?? ''))
    );
  }

  /** The part of `text`, which begins at `from`, that was not delivered before. */
  #afterDelivered(from: LogPosition, text: string): string {
    const index = indexAfterBytes(text, this.#delivered.bytes - from.bytes);
    const at = index === undefined ? undefined : this.#walker.afterText(from, text.slice(0, index));
    if (at === undefined || at.hash !== this.#delivered.hash) {
      throw new StreamGapError({
        message:
          'The log no longer holds what was delivered: it was rotated, truncated or replaced. ' +
          "Pass onGap: 'continue' to read what it holds now.",
      });
    }
    return text.slice(index);
  }
}
