import { withoutTrailingReturn } from '../source/line-cutter.js';
import type { CanonicalBytes, DecodedLines, LineList, LogEnd } from '../source/log-source.js';

/** Collects the events that arrived together into lines; both wires of the agent protocol use it. */
export class EventCollector {
  offset: number | undefined;
  end: LogEnd | undefined;
  #lines: string[] = [];
  /** `#lines` as the log has them, while every message was a text of many whole lines. */
  #text: string | undefined = '';
  /** What was collected, while that is one run of lines and nothing else. */
  #run: Pick<DecodedLines, 'lines' | 'canonical'> | undefined;
  /** The number of lines before each message, from the first message on that is not one line. */
  #messageStarts: number[] | undefined;
  #offsetBefore: number | undefined;
  #unfinished: string | undefined;
  /** How many lines came before `#unfinished`: one that came after it has finished it. */
  #linesBefore = 0;

  /**
   * @param options `additions`: the server is a Raywire gateway, with `partial`, `caught_up` and `alive` events;
   *   `countsMessages`: each event is a message that `maxMessages` counts
   */
  constructor(private readonly options: { additions: boolean; countsMessages: boolean }) {}

  /** One event: the payload of a WebSocket message, or the data of an SSE event. */
  add(payload: string): void {
    const event = parseEvent(payload);
    const message = typeof event?.message === 'string' ? event.message : undefined;
    const offset = offsetOf(event);
    if (event === undefined) {
      this.addMessage(payload);
    } else if (event.type === 'error') {
      this.end = { type: 'error', message: message ?? 'the server gave no message' };
    } else if (event.type === 'complete') {
      this.end = { type: 'complete', ...statusOf(event), ...(offset === undefined ? {} : { offset }) };
    } else if (this.options.additions && event.type === 'caught_up') {
      this.end = { type: 'caughtUp', ...statusOf(event), ...(offset === undefined ? {} : { offset }) };
    } else if (this.options.additions && event.type === 'partial') {
      this.#unfinished = message ?? '';
      this.#linesBefore = this.#count;
      this.offset = offset ?? this.offset;
      if (this.#count === 0) this.#offsetBefore = offset;
    } else if (!this.options.additions || event.type !== 'alive') {
      this.addMessage(message ?? payload);
      this.offset = offset ?? this.offset;
    }
  }

  /** Lines of one message each, and their canonical bytes. */
  addLines(lines: LineList, canonical: CanonicalBytes): void {
    if (this.#count === 0 && this.#messageStarts === undefined) this.#run = { lines, canonical };
    else for (const line of lines.slice()) this.#addLine(line);
  }

  /** Text of one or many whole lines, as one message. */
  addMessage(message: string): void {
    // A gateway has taken the `\r` of a `\r\n` away: one that is left belongs to the line.
    const isWhole = this.options.additions || !message.includes('\r');
    if (!message.includes('\n')) {
      this.#addLine(isWhole ? message : withoutTrailingReturn(message));
      return;
    }
    this.#endRun();
    const text = message.endsWith('\n') ? message : `${message}\n`;
    const lines = text.slice(0, -1).split('\n');
    this.#messageStarts ??= Array.from(this.#lines, (_, index) => index);
    this.#messageStarts.push(this.#lines.length);
    this.#text = isWhole && this.#text !== undefined ? this.#text + text : undefined;
    if (isWhole && this.#lines.length === 0) this.#lines = lines;
    else for (const line of lines) this.#lines.push(isWhole ? line : withoutTrailingReturn(line));
  }

  get #count(): number {
    return this.#run?.lines.length ?? this.#lines.length;
  }

  #addLine(line: string): void {
    this.#endRun();
    this.#messageStarts?.push(this.#lines.length);
    this.#lines.push(line);
    this.#text = undefined;
  }

  /** Something else follows the run. */
  #endRun(): void {
    if (this.#run === undefined) return;
    this.#lines = this.#run.lines.slice();
    this.#text = undefined;
    this.#run = undefined;
  }

  /** Hands over what was collected, and starts again. */
  take(): DecodedLines {
    const starts = this.#messageStarts;
    const decoded: DecodedLines = this.#run ?? { lines: this.#lines };
    if (this.options.countsMessages)
      decoded.messages = starts === undefined ? 'each' : { count: starts.length, starts: () => starts };
    if (this.#text) decoded.text = this.#text;
    if (this.#offsetBefore !== undefined) decoded.offsetBefore = this.#offsetBefore;
    if (this.offset !== undefined) decoded.offset = this.offset;
    if (this.#unfinished !== undefined && this.#linesBefore === this.#count)
      decoded.unfinished = this.#unfinished;
    if (this.end !== undefined) decoded.end = this.end;
    this.#lines = [];
    this.#text = '';
    this.#run = undefined;
    this.#messageStarts = undefined;
    this.#offsetBefore = undefined;
    this.offset = undefined;
    this.#unfinished = undefined;
    this.end = undefined;
    return decoded;
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

function offsetOf(event: LogEvent | undefined): number | undefined {
  return Number.isSafeInteger(event?.offset) && (event?.offset as number) >= 0
    ? (event?.offset as number)
    : undefined;
}

function statusOf(event: LogEvent): { status?: string; exitCode?: number | null } {
  return {
    ...(typeof event.status === 'string' ? { status: event.status.toUpperCase() } : {}),
    ...(typeof event.exit_code === 'number' || event.exit_code === null ? { exitCode: event.exit_code } : {}),
  };
}
