import { withoutTrailingReturn } from '../source/line-cutter.js';
import type { DecodedLines, LogEnd } from '../source/log-source.js';

/**
 * The event that nearly every message is, in the few shapes that servers write it (Python's JSON has a space after
 * the colon). No escape and no control character may be inside, so that what is captured is what `JSON.parse` gives.
 */
const COMMON_EVENT =
  /^\{(?:"type": ?"log", ?)?"message": ?"([^"\\\u0000-\u001f]*)"(?:, ?"offset": ?([0-9]{1,15}))?\}$/;

/** Collects the events that arrived together into lines; both wires of the agent protocol use it. */
export class EventCollector {
  lines: string[] = [];
  /** What `lines` take in the log, while every message was a text of whole lines. */
  text: string | undefined = '';
  messageEnds: number[] | undefined;
  offsetBefore: number | undefined;
  offset: number | undefined;
  unfinished: string | undefined;
  end: LogEnd | undefined;
  /** How many lines came before `unfinished`: one that came after it has finished it. */
  #linesBefore = 0;

  /** @param additions whether the server is a Raywire gateway, with `partial`, `caught_up` and `alive` events */
  constructor(readonly additions: boolean) {}

  /** One event: the payload of a WebSocket message, or the data of an SSE event. */
  add(payload: string): void {
    const common = COMMON_EVENT.exec(payload);
    if (common === null) this.#addUnusual(payload);
    else this.addLine(common[1] as string, common[2]);
  }

  /** A message that is one line for sure. `offset` in decimal digits. */
  addLine(line: string, offset: string | undefined): void {
    this.lines.push(line);
    this.text = undefined;
    if (this.messageEnds !== undefined) this.messageEnds.push(this.lines.length);
    if (offset !== undefined) this.offset = Number(offset);
  }

  /** Text of one or many whole lines, as one message. */
  addMessage(message: string): void {
    const text = message.endsWith('\n') ? message : `${message}\n`;
    const lines = text.slice(0, -1).split('\n');
    if (lines.length > 1 && this.messageEnds === undefined) {
      this.messageEnds = this.lines.map((_, index) => index + 1);
    }
    // A gateway has taken the `\r` of a `\r\n` away: one that is left belongs to the line.
    const isWhole = this.additions || !message.includes('\r');
    this.text = isWhole && this.text !== undefined ? this.text + text : undefined;
    if (isWhole && this.lines.length === 0) this.lines = lines;
    else for (const line of lines) this.lines.push(isWhole ? line : withoutTrailingReturn(line));
    if (this.messageEnds !== undefined) this.messageEnds.push(this.lines.length);
  }

  /** Hands over what was collected, and starts anew. */
  take(): DecodedLines {
    const decoded: DecodedLines = { lines: this.lines };
    if (this.text) decoded.text = this.text;
    const ends = this.messageEnds;
    if (ends !== undefined) decoded.messages = { count: ends.length, ends: () => ends };
    if (this.offsetBefore !== undefined) decoded.offsetBefore = this.offsetBefore;
    if (this.offset !== undefined) decoded.offset = this.offset;
    if (this.unfinished !== undefined && this.#linesBefore === this.lines.length)
      decoded.unfinished = this.unfinished;
    if (this.end !== undefined) decoded.end = this.end;
    this.lines = [];
    this.text = '';
    this.messageEnds = undefined;
    this.offsetBefore = undefined;
    this.offset = undefined;
    this.unfinished = undefined;
    this.end = undefined;
    return decoded;
  }

  #addUnusual(payload: string): void {
    const event = parseEvent(payload);
    if (event === undefined) {
      this.addMessage(payload);
      return;
    }
    const message = typeof event.message === 'string' ? event.message : undefined;
    const offset = offsetOf(event);
    if (event.type === 'error') {
      this.end = { type: 'error', message: message ?? 'the server gave no message' };
    } else if (event.type === 'complete') {
      this.end = { type: 'complete', ...statusOf(event), ...(offset === undefined ? {} : { offset }) };
    } else if (this.additions && event.type === 'caught_up') {
      this.end = { type: 'caughtUp', ...statusOf(event), ...(offset === undefined ? {} : { offset }) };
    } else if (this.additions && event.type === 'partial') {
      this.unfinished = message ?? '';
      this.#linesBefore = this.lines.length;
      if (offset !== undefined) this.offset = offset;
      if (this.lines.length === 0) this.offsetBefore = offset;
    } else if (!this.additions || event.type !== 'alive') {
      this.addMessage(message ?? payload);
      if (offset !== undefined) this.offset = offset;
    }
  }
}

interface LogEvent {
  type?: unknown;
  message?: unknown;
  offset?: unknown;
  status?: unknown;
  exit_code?: unknown;
}

/** `undefined`: not a JSON object, so the payload is text. */
function parseEvent(payload: string): LogEvent | undefined {
  if (!payload.trimStart().startsWith('{')) return undefined;
  try {
    return JSON.parse(payload) as LogEvent;
  } catch {
    // Not JSON is text: the protocol's own rule.
    return undefined;
  }
}

function offsetOf(event: LogEvent): number | undefined {
  return Number.isSafeInteger(event.offset) && (event.offset as number) >= 0
    ? (event.offset as number)
    : undefined;
}

function statusOf(event: LogEvent): { status?: string; exitCode?: number | null } {
  return {
    ...(typeof event.status === 'string' ? { status: event.status.toUpperCase() } : {}),
    ...(typeof event.exit_code === 'number' || event.exit_code === null ? { exitCode: event.exit_code } : {}),
  };
}
