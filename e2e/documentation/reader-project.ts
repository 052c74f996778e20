import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = dirname(dirname(import.meta.dirname));

/** What a program said, and how it ended. */
export interface Outcome {
  code: number;
  output: string;
}

/** A project of somebody who reads the documentation: all packages are installed as built, and nothing else but types. */
export class ReaderProject {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async create(): Promise<ReaderProject> {
    const folder = await mkdtemp(join(tmpdir(), 'raywire-reader-'));
    const modules = join(folder, 'node_modules');
    await mkdir(join(modules, '@raywire'), { recursive: true });
    await mkdir(join(modules, '@types'));
    for (const name of await readdir(join(root, 'packages'))) {
      await symlink(join(root, 'packages', name), join(modules, '@raywire', name));
    }
    for (const name of ['@types/node', 'vitest'])
      await symlink(join(root, 'node_modules', name), join(modules, name));
    await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}');
    return new ReaderProject(folder);
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text);
  }

  /** Compiles all that was written, as one program. */
  async compile(options: object = {}): Promise<Outcome> {
    const compilerOptions = {
      target: 'ES2022',
      module: 'NodeNext',
      lib: ['ES2023', 'ESNext.Disposable', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
      types: ['node'],
      strict: true,
      skipLibCheck: true,
      noEmit: true,
      ...options,
    };
    await this.write('tsconfig.json', JSON.stringify({ compilerOptions }));
    return this.run(join(root, 'node_modules', '.bin', 'tsc'), ['-p', '.', '--pretty', 'false']);
  }

  run(command: string, args: string[], environment: Record<string, string> = {}): Promise<Outcome> {
    const options = { cwd: this.folder, env: { ...process.env, ...environment }, timeout: 60_000 };
    return new Promise((resolve) => {
      execFile(command, args, options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), output: stdout + stderr });
      });
    });
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true });
  }
}
