import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Headless, in nobody's profile, and without any traffic of its own. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A Chromium that shows one page. */
export class ChromiumPage {
  /** Rejects when Chromium ends by itself. */
  readonly crashed: Promise<never>;
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #ended: Promise<unknown>;

  private constructor(process: ChildProcess, profile: string) {
    this.#process = process;
    this.#profile = profile;
    let said = '';
    process.stderr?.on('data', (chunk) => {
      said = `${said}${chunk}`.slice(-4_000);
    });
    this.#ended = once(process, 'close');
    this.crashed = this.#ended.then(() => {
      throw new Error(`Chromium ended by itself:\n${said}`);
    });
    // Heard only while a page is waited for.
    this.crashed.catch(() => undefined);
  }

  static async open(command: string, url: string): Promise<ChromiumPage> {
    const profile = await mkdtemp(join(tmpdir(), 'raywire-chromium-'));
    // A group of its own: Chromium is many processes behind a shell script.
    const process = spawn(command, [...FLAGS, `--user-data-dir=${profile}`, url], {
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await once(process, 'spawn');
    return new ChromiumPage(process, profile);
  }

  async close(): Promise<void> {
    const { pid, exitCode, signalCode } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
    await this.#ended;
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
