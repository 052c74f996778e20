import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LoopbackServer, startHttpServer } from './loopback-server.ts';
import { beginRange, jobDetails } from './ray-answers.ts';
import { sendJson } from './send-json.ts';

/** How a log is rotated: Ray renames its file, others copy it and cut it to nothing. */
export interface Rotation {
  by: 'rename' | 'copy';
  /** How many older files are kept. */
  backups: number;
}

const NODE_ID = 'f'.repeat(56);

/** The folder of a node with the log of one job, which rotates, and what serves it: the head and the node's agent. */
export class LogFolder implements AsyncDisposable {
  readonly jobId = 'rotating';
  /** Of the job, for the head. */
  status = 'RUNNING';
  /** Called when a file is about to be removed, with its bytes. */
  onRemoved: (bytes: number) => void = () => undefined;
  readonly #rotation: Rotation;
  readonly #directory = mkdtempSync(join(tmpdir(), 'raywire-rotation-'));
  #server!: LoopbackServer;
  #seconds = 1_795_900_000;

  private constructor(rotation: Rotation) {
    this.#rotation = rotation;
    writeFileSync(this.#file(0), '');
    this.#touch(0);
  }

  static async start(rotation: Rotation): Promise<LogFolder> {
    const folder = new LogFolder(rotation);
    folder.#server = await startHttpServer((request, response) =>
      folder.#answer(new URL(request.url ?? '/', 'http://head'), request.headers.range, response),
    );
    return folder;
  }

  /** Of the head, and of the node's agent. */
  get url(): string {
    return this.#server.url;
  }

  write(text: string): void {
    appendFileSync(this.#file(0), text);
    this.#touch(0);
  }

  rotate(): void {
    const { by, backups } = this.#rotation;
    const oldest = this.#file(backups);
    if (existsSync(oldest)) this.onRemoved(statSync(oldest).size);
    for (let age = backups - 1; age > 0; age--)
      if (existsSync(this.#file(age))) renameSync(this.#file(age), this.#file(age + 1));
    if (by === 'rename') {
      renameSync(this.#file(0), this.#file(1));
      writeFileSync(this.#file(0), '');
    } else {
      copyFileSync(this.#file(0), this.#file(1));
      truncateSync(this.#file(0));
      this.#touch(1);
    }
    this.#touch(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    rmSync(this.#directory, { recursive: true });
  }

  #file(age: number): string {
    return join(this.#directory, age === 0 ? this.#name : `${this.#name}.${age}`);
  }

  get #name(): string {
    return `job-driver-${this.jobId}.log`;
  }

  /** No two changes at once, however coarse the clock of the file system. */
  #touch(age: number): void {
    this.#seconds += 1;
    utimesSync(this.#file(age), this.#seconds, this.#seconds);
  }

  #answer(url: URL, range: string | undefined, response: ServerResponse): void {
    const { pathname, searchParams } = url;
    if (pathname === `/api/jobs/${this.jobId}`) {
      const placed = { driver_agent_http_address: this.url, driver_node_id: NODE_ID };
      sendJson(response, 200, jobDetails(this.jobId, { status: this.status, ...placed }));
    } else if (pathname === '/api/v0/logs') {
      const name = searchParams.get('glob') ?? '';
      const result = existsSync(join(this.#directory, name)) ? { worker_out: [name] } : {};
      sendJson(response, 200, { result: true, msg: '', data: { result } });
    } else if (pathname === '/api/v0/logs/file') {
      const bytes = this.#read(searchParams.get('filename') ?? '');
      response.writeHead(bytes === undefined ? 500 : 200, { 'content-type': 'text/plain' });
      response.end(bytes ?? 'A file is not found at: …');
    } else {
      const name = pathname.replace('/logs/', '');
      const bytes = this.#read(name);
      if (bytes === undefined) {
        response.writeHead(404, { 'content-type': 'text/plain' }).end('404: Not Found');
        return;
      }
      // As aiohttp makes it.
      const { mtimeNs } = statSync(join(this.#directory, name), { bigint: true });
      const tag = `"${mtimeNs.toString(16)}-${bytes.length.toString(16)}"`;
      const part = beginRange(response, range, bytes.length, tag);
      if (part !== undefined) response.end(bytes.subarray(part.start, part.end));
    }
  }

  #read(name: string): Buffer | undefined {
    const path = join(this.#directory, name);
    return existsSync(path) ? readFileSync(path) : undefined;
  }
}
