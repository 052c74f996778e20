import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createGateway, localDriver } from '@raywire/gateway';
import {
  type FaultProxy,
  freePorts,
  startFaultProxy,
  startHttpServer,
  type Treatment,
} from '@raywire/testing';
import { OpenLogs } from './open-logs.js';

/** What the programs are told. */
export interface ScenarioConfig {
  baseURL: string;
  agentToken: string;
  controlURL: string;
  refusedURL: string;
  goDirectory: string;
}

const CUTS: readonly Treatment[] = [
  { cut: { after: 200_000, how: 'reset' } },
  { cut: { after: 300_000, how: 'fin' } },
];
const DEATH: Treatment = { cut: { after: 200_000, how: 'silence' } };

/** What the proxy does to the connections of these jobs, first to last. */
const TREATMENTS: Record<string, readonly Treatment[]> = {
  'cut-websocket': CUTS,
  'cut-http': CUTS,
  'dead-websocket': [DEATH],
  'dead-http': [DEATH],
  'no-upgrade': [{ dropUpgrade: true }],
  'mute-websocket': Array(3).fill({ mute: true }),
  'mute-http': Array(3).fill({ mute: true }),
  // Nothing befalls them, but their bytes are counted.
  'slow-auto': [],
  'slow-http': [],
};

/** A gateway on Node 24 behind a proxy, and a server by which the programs reach the suite. */
export class Laboratory {
  readonly config: ScenarioConfig;
  /** What a page of the control server has posted. */
  readonly report: Promise<unknown>;
  /** Served as the program of the page. */
  pageProgram = '';
  readonly #proxy: FaultProxy;
  readonly #logs: OpenLogs;
  readonly #release: () => Promise<void>;
  #resolveReport!: (report: unknown) => void;
  #rejectReport!: (error: Error) => void;

  private constructor(parts: {
    config: ScenarioConfig;
    proxy: FaultProxy;
    logs: OpenLogs;
    release: () => Promise<void>;
  }) {
    this.config = parts.config;
    this.#proxy = parts.proxy;
    this.#logs = parts.logs;
    this.#release = parts.release;
    this.report = new Promise((resolve, reject) => {
      this.#resolveReport = resolve;
      this.#rejectReport = reject;
    });
    // Only a browser's report comes this way: nobody else waits for it.
    this.report.catch(() => undefined);
    for (const [jobId, treatments] of Object.entries(TREATMENTS)) parts.proxy.plan(jobId, treatments);
  }

  static async open(): Promise<Laboratory> {
    const directory = await mkdtemp(join(tmpdir(), 'raywire-runtime-'));
    const control = await startHttpServer((request, response) => {
      laboratory.#answer(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    const driver = localDriver({ directory: join(directory, 'jobs') });
    const logs = new OpenLogs(driver);
    const gateway = createGateway({
      driver,
      token: crypto.randomUUID(),
      corsOrigins: [control.url],
      pingIntervalMs: 200,
    });
    await gateway.listen();
    const proxy = await startFaultProxy(gateway.url);
    const laboratory = new Laboratory({
      config: {
        baseURL: proxy.url,
        agentToken: gateway.token,
        controlURL: control.url,
        refusedURL: `http://127.0.0.1:${await freePorts(1)}`,
        goDirectory: directory,
      },
      proxy,
      logs,
      async release() {
        await control.close();
        await proxy.close();
        await gateway.close();
        await rm(directory, { recursive: true, force: true });
      },
    });
    return laboratory;
  }

  close(): Promise<void> {
    return this.#release();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, route, jobId = ''] = (request.url ?? '').split('/');
    const send = (type: string, body: string): void => {
      response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(body);
    };
    const json = (value: unknown): void => send('application/json', JSON.stringify(value));
    switch (route) {
      case '':
        return send('text/html', '<!doctype html><script type="module" src="/program.js"></script>');
      case 'program.js':
        return send('text/javascript', this.pageProgram);
      case 'config':
        return json(this.config);
      case 'report':
        this.#resolveReport(JSON.parse(await text(request)));
        return json({});
      case 'failure':
        this.#rejectReport(new Error(await text(request)));
        return json({});
      case 'release':
        await writeFile(join(this.config.goDirectory, jobId), '');
        return json({});
      case 'stalled':
        return json({ bytes: await this.#stalledAt(jobId) });
      case 'unread':
        await this.#logs.allClosed(AbortSignal.timeout(5_000));
        return json({ open: 0 });
      default:
        response.writeHead(404).end();
    }
  }

  /** How many bytes of the log have gone out, once no more go. */
  #stalledAt(jobId: string): Promise<number> {
    return new Promise((resolve) => {
      let before = -1;
      let still = 0;
      const timer = setInterval(() => {
        const now = this.#proxy.answered(jobId).reduce((sum, bytes) => sum + bytes, 0);
        still = now === before ? still + 1 : 0;
        before = now;
        if (still < 5) return;
        clearInterval(timer);
        resolve(now);
      }, 100);
    });
  }
}
