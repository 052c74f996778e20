import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HTTP_FLOOR, WEBSOCKET_FLOOR } from './contenders.ts';
import { PYTHON_CLIENT } from './dashboard/contenders.ts';
import { pictureOf } from './picture.ts';
import { markdownOf } from './report.ts';
import type { Results } from './results.ts';

const READMES = ['README.md', 'bench/README.md', 'packages/dashboard/README.md'];
const PICTURE = 'bench/results/throughput.svg';
/** A comment that names results, what was made of them, and the comment that ends it. */
const MARKED = /(<!-- bench((?: [\w-]+)+) -->\n).*?(<!-- \/bench -->)/gs;

/**
 * All that is made of the files in bench/results, by path from the root of the repository: the tables in the READMEs,
 * and the picture.
 *
 * @throws {Error} when a README names results that are not there
 */
export function generatedFiles(): Map<string, string> {
  const files = new Map(READMES.map((file) => [file, withTables(readFileSync(pathOf(file), 'utf8'))]));
  files.set(
    PICTURE,
    pictureOf([
      {
        title: 'WebSocket, from an agent or a gateway',
        results: read('agent-throughput'),
        floor: WEBSOCKET_FLOOR,
      },
      {
        title: 'HTTP (SSE), from an agent or a gateway',
        results: read('agent-throughput'),
        floor: HTTP_FLOOR,
      },
      {
        title: "WebSocket, straight from Ray's dashboard",
        results: read('ray-throughput'),
        floor: PYTHON_CLIENT,
      },
    ]),
  );
  return files;
}

/** On this machine. @param file its path from the root of the repository */
export function pathOf(file: string): string {
  return fileURLToPath(new URL(`../${file}`, import.meta.url));
}

/** A README with the tables of today's results between its marks. @throws {Error} when results are not there */
export function withTables(readme: string, results: (name: string) => Results = read): string {
  return readme.replaceAll(MARKED, (_, start: string, names: string, end: string) => {
    const all = names.trim().split(' ').map(results);
    return `${start}\n${markdownOf(all)}\n\n${end}`;
  });
}

function read(name: string): Results {
  return JSON.parse(readFileSync(pathOf(`bench/results/${name}.json`), 'utf8')) as Results;
}
