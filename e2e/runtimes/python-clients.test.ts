import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createGateway, localDriver } from '@raywire/gateway';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { makePythonEnvironment } from '../../tooling/python-environment.ts';

const run = promisify(execFile);
const token = 'token-of-python';
let bin: string;

beforeAll(async () => {
  bin = await makePythonEnvironment({
    folder: join(import.meta.dirname, '.venv'),
    installs: [['requests==2.32.5', 'websocket-client==1.9.0']],
  });
}, 300_000);

test('Python’s requests and websocket-client submit, tail, stop and delete a job on the gateway', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'raywire-python-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const gateway = createGateway({ driver: localDriver({ directory }), token });
  await gateway.listen();
  onTestFinished(() => gateway.close());
  const program = join(import.meta.dirname, 'python-clients.py');
  const { stdout } = await run(join(bin, 'python'), [program, gateway.url, token]);
  const seen = JSON.parse(stdout);

  const events = [
    { type: 'log', message: '한국어', offset: 10 },
    { type: 'log', message: 'a\u2028b', offset: 16 },
    { type: 'log', message: 'end', offset: 20 },
    { type: 'complete', status: 'SUCCEEDED', exit_code: 0, offset: 20 },
  ];
  const payload = (line: string) => JSON.parse(line.replace(/^data: /, ''));
  expect(seen.sse.events.map(payload)).toEqual(events);
  expect(seen.webSocket.messages.map((message: string) => JSON.parse(message))).toEqual(events);
  expect(seen).toMatchObject({
    submitted: 201,
    sse: { status: 200, type: 'text/event-stream; charset=utf-8' },
    webSocket: { closeCode: 1000, withoutToken: 401 },
    logs: '한국어\na\u2028b\nend\n',
    status: 'SUCCEEDED',
    jobs: 1,
    stop: [200, { stopped: false }],
    stopWithBody: [200, { stopped: false }],
    nodes: [true],
    tasks: [200, []],
    gpus: [],
    applications: [200, []],
    unknown: [404, { detail: expect.stringContaining('nope') }],
    deleted: [204, null],
    wrongToken: 401,
  });
});
