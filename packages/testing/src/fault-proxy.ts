import { connect, type Socket } from 'node:net';
import { agentLogOf, type LogOfHead, LogRequestWatch, withoutUpgrade } from './log-request-watch.ts';
import { startTcpServer } from './loopback-server.ts';

/** How a connection is cut: an orderly end, a reset, or nothing more while the socket stays open. */
export type CutKind = 'fin' | 'reset' | 'silence';

/** What the proxy does to one request for a log and to its answer. */
export interface Treatment {
  /** Cuts after exactly so many bytes of the answer (handshake and headers included). */
  cut?: { after: number; how: CutKind };
  /** The sizes of the pieces in which the answer is passed on, again and again. Default: as it comes. */
  pieces?: readonly number[];
  /** Waits before each piece, in milliseconds. */
  delayMs?: number;
  /** Passes nothing on before the server has ended, as proxies do that buffer. */
  hold?: boolean;
  /** Answers by itself, and ends; the server never sees the request. */
  answer?: string;
  /** Never answers, and leaves the socket open. */
  mute?: boolean;
  /** Takes the upgrade out of the request, as proxies do that know no WebSocket. */
  dropUpgrade?: boolean;
}

/** A TCP proxy in front of one server. What is not a request for a log passes untouched. */
export interface FaultProxy {
  url: string;
  /** The n-th request for this log gets the n-th treatment; those after the last pass untouched. */
  plan(log: string, treatments: readonly Treatment[]): void;
  /** How many requests for this log came, and how many bytes each was answered. */
  answered(log: string): readonly number[];
  /** Forgets a log, so that memory does not grow with the number of runs. */
  forget(log: string): void;
  close(): Promise<void>;
}

interface Plan {
  treatments: readonly Treatment[];
  answered: number[];
}

/**
 * Starts a proxy on a free loopback port.
 *
 * @param logOf which requests are for a log, and for which. Default: those to an agent, by the job's ID
 */
export async function startFaultProxy(target: string, logOf: LogOfHead = agentLogOf): Promise<FaultProxy> {
  const port = Number(new URL(target).port);
  const plans = new Map<string, Plan>();
  const { url, close } = await startTcpServer(
    (client) => {
      const upstream = connect({ port, host: '127.0.0.1', noDelay: true });
      new Passage(client, upstream, plans, logOf).start();
    },
    { noDelay: true, allowHalfOpen: true },
  );
  return {
    url,
    plan: (log, treatments) => plans.set(log, { treatments, answered: [] }),
    answered: (log) => plans.get(log)?.answered ?? [],
    forget: (log) => plans.delete(log),
    close,
  };
}

/** One connection through the proxy. */
class Passage {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #plans: ReadonlyMap<string, Plan>;
  readonly #requests: LogRequestWatch;
  #treatment: Treatment = {};
  #record: { answered: number[]; index: number } | undefined;
  #passed = 0;
  #piece = 0;
  #queue: Buffer[] = [];
  #pumping = false;
  #serverEnded = false;
  #over = false;

  constructor(client: Socket, upstream: Socket, plans: ReadonlyMap<string, Plan>, logOf: LogOfHead) {
    this.#requests = new LogRequestWatch(logOf);
    this.#client = client;
    this.#upstream = upstream;
    this.#plans = plans;
  }

  start(): void {
    const client = this.#client;
    const upstream = this.#upstream;
    client.on('data', (bytes: Buffer) => this.#fromClient(bytes));
    client.on('close', () => upstream.destroy());
    // A reset is what this laboratory is for: `close` follows, and is what counts.
    client.on('error', () => client.destroy());
    client.on('end', () => upstream.end());
    upstream.on('data', (bytes: Buffer) => {
      this.#queue.push(bytes);
      void this.#pump();
    });
    upstream.on('end', () => {
      this.#serverEnded = true;
      void this.#pump();
    });
    upstream.on('error', () => {
      if (!this.#over) client.resetAndDestroy();
    });
  }

  #fromClient(bytes: Buffer): void {
    const request = this.#requests.see(bytes);
    if (request !== undefined) this.#begin(request.log);
    const { answer, mute, dropUpgrade } = this.#treatment;
    if (mute || this.#over) return;
    if (answer !== undefined) {
      this.#over = true;
      this.#client.end(answer);
      this.#upstream.destroy();
      return;
    }
    this.#upstream.write(dropUpgrade && request !== undefined ? withoutUpgrade(bytes) : bytes);
  }

  /** A request begins: it is treated as planned, and what was planned for the one before it is over. */
  #begin(log: string | undefined): void {
    const plan = log === undefined ? undefined : this.#plans.get(log);
    this.#passed = 0;
    this.#treatment = {};
    this.#record = undefined;
    if (plan === undefined) return;
    const index = plan.answered.push(0) - 1;
    this.#treatment = plan.treatments[index] ?? {};
    this.#record = { answered: plan.answered, index };
    if (this.#treatment.cut?.after === 0) void this.#cut(this.#treatment.cut.how);
  }

  async #pump(): Promise<void> {
    if (this.#pumping || this.#over) return;
    this.#pumping = true;
    for (;;) {
      const { hold, pieces, delayMs } = this.#treatment;
      if (this.#over || (hold && !this.#serverEnded)) break;
      const next = this.#queue.shift();
      if (next === undefined) break;
      const size = pieces?.[this.#piece++ % pieces.length] ?? next.length;
      if (size < next.length) this.#queue.unshift(next.subarray(size));
      if (delayMs !== undefined) await new Promise((resolve) => setTimeout(resolve, delayMs));
      await this.#pass(next.subarray(0, size));
      // Each piece has to arrive by itself.
      if (pieces !== undefined) await new Promise((resolve) => setImmediate(resolve));
    }
    this.#pumping = false;
    if (this.#serverEnded && this.#queue.length === 0 && !this.#over) this.#client.end();
  }

  async #pass(bytes: Buffer): Promise<void> {
    const { cut } = this.#treatment;
    const room = cut === undefined ? bytes.length : cut.after - this.#passed;
    const passing = bytes.subarray(0, room);
    this.#passed += passing.length;
    if (this.#record !== undefined) this.#record.answered[this.#record.index] = this.#passed;
    if (this.#client.writable && !this.#client.write(passing)) {
      // A client that does not read stops the server.
      this.#upstream.pause();
      await new Promise<void>((resolve) => {
        const go = (): void => {
          this.#client.off('drain', go).off('close', go);
          resolve();
        };
        this.#client.on('drain', go).on('close', go);
      });
      this.#upstream.resume();
    }
    if (cut !== undefined && this.#passed >= cut.after) await this.#cut(cut.how);
  }

  async #cut(how: CutKind): Promise<void> {
    this.#over = true;
    this.#queue = [];
    if (how === 'silence') {
      // The server goes on for nobody, as it does behind a cable that was pulled.
      this.#upstream.resume();
      // Until the client has given up: a long sweep would run out of sockets.
      if (this.#client.readableEnded) this.#client.destroy();
      else this.#client.on('end', () => this.#client.destroy());
      return;
    }
    if (how === 'fin') this.#client.end();
    else {
      // What was written has to be on its way before the reset overtakes it.
      await new Promise((resolve) => setImmediate(resolve));
      this.#client.resetAndDestroy();
    }
    this.#upstream.destroy();
  }
}
