import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LineKind } from '../lines/log-lines.ts';
import type { OtherBuild } from '../other-build.ts';
import type { ProcessUse } from './server/gateway-server.ts';

/** What the gateway of the bench asks for. */
export const TOKEN = 'bench';

/** A gateway in a process of its own. */
export class BenchGateway {
  readonly url: string;
  readonly #child: ChildProcess;
  /** The local driver's. */
  readonly directory: string;

  private constructor(child: ChildProcess, port: number, directory: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#child = child;
    this.directory = directory;
  }

  /** On a free loopback port. @param options.flags of Node @param options.build default: this one */
  static async start(options: { flags?: string[]; build?: OtherBuild } = {}): Promise<BenchGateway> {
    const { flags = [], build } = options;
    const program = `${import.meta.dirname}/server/gateway-server.ts`;
    const child = fork(build?.path(program) ?? program, { execArgv: flags });
    const [{ port, directory }] = (await once(child, 'message')) as [{ port: number; directory: string }];
    return new BenchGateway(child, port, directory);
  }

  async use(): Promise<ProcessUse> {
    const answer = once(this.#child, 'message');
    this.#child.send('use');
    const [use] = (await answer) as [ProcessUse];
    return use;
  }

  /** Submits a program of `jobs/`, and gives its ID. */
  async submit(id: string, program: string, ...parameters: (string | number)[]): Promise<string> {
    const entrypoint = [process.execPath, `${import.meta.dirname}/jobs/${program}.ts`, ...parameters]
      .map((word) => `'${word}'`)
      .join(' ');
    const response = await fetch(`${this.url}/jobs/`, {
      method: 'POST',
      headers: { authorization: TOKEN, 'content-type': 'application/json' },
      body: JSON.stringify({ entrypoint: `exec ${entrypoint}`, submission_id: id }),
    });
    if (response.status !== 201) throw new Error(`submit: ${response.status} ${await response.text()}`);
    return id;
  }

  /** Submits a job of so many lines. It prints the first, and the others after `release`. */
  async submitHeld(
    id: string,
    kind: LineKind,
    lines: number,
    linesPerSecond?: number,
  ): Promise<{ release(): void }> {
    const file = join(this.directory, `release-${id}`);
    const rate = linesPerSecond === undefined ? [] : [linesPerSecond];
    await this.submit(id, 'print-lines', kind, lines, file, ...rate);
    return { release: () => writeFileSync(file, '') };
  }

  /** Runs a job of so many lines to its end, as `lines-<count>`. */
  async runLines(kind: LineKind, lines: number): Promise<void> {
    const id = `lines-${lines}`;
    (await this.submitHeld(id, kind, lines)).release();
    for (let status = ''; status !== 'SUCCEEDED'; ) {
      const response = await fetch(`${this.url}/jobs/${id}/`, { headers: { authorization: TOKEN } });
      ({ status } = (await response.json()) as { status: string });
      if (status === 'FAILED') throw new Error(`The job ${id} failed`);
    }
  }

  async close(): Promise<void> {
    const exited = once(this.#child, 'exit');
    this.#child.disconnect();
    await exited;
  }
}
