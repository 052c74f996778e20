// Runs a Worker in workerd, and prints what it answers: `node ask-worker.mjs <script> <bindings> <path> [<body>]`.
import { readFile } from 'node:fs/promises';
import { Miniflare } from 'miniflare';

const [, , script, bindings, path, body] = process.argv;
const worker = new Miniflare({
  modules: true,
  script: await readFile(script, 'utf8'),
  compatibilityDate: '2024-11-11',
  bindings: JSON.parse(bindings),
});
try {
  const response = await worker.dispatchFetch(`http://worker${path}`, {
    method: body ? 'POST' : 'GET',
    body,
  });
  process.stdout.write(`${response.status}\n${await response.text()}`);
} finally {
  await worker.dispose();
}
