import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '..', '..', '..', 'packages', 'agent', 'README.md');
const TITLE = '## Bundlers, Jest, Workers, React\n';

/** The blocks of the page that begin with `// a name`: that file's text, by its name. */
export function readmeFiles(): Map<string, string> {
  const blocks = section().matchAll(/^```jsx?\n(\/\/ (\S+)\n.*?)^```$/gms);
  return new Map(Array.from(blocks, ([, text, name]) => [name as string, text as string]));
}

/**
 * The command of the page in which this text occurs.
 *
 * @throws {Error} where there is none, or more than one
 */
export function readmeCommand(text: string): string {
  const blocks = Array.from(section().matchAll(/^```sh\n(.*?)^```$/gms), ([, block]) => block as string);
  const commands = blocks.flatMap((block) => block.trimEnd().replaceAll('\\\n', '').split('\n'));
  const [command, ...others] = commands.filter((candidate) => candidate.includes(text));
  if (command === undefined || others.length > 0)
    throw new Error(`Not one command of the README has ${text}`);
  return command;
}

function section(): string {
  const readme = readFileSync(file, 'utf8');
  const start = readme.indexOf(TITLE);
  if (start < 0) throw new Error(`The README has no ${TITLE}`);
  const end = readme.indexOf('\n## ', start + TITLE.length);
  return readme.slice(start, end < 0 ? undefined : end);
}
