import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { AgentClient, InvalidArgumentError, UnsupportedByServerError } from '@raywire/agent';
import { packLocalFiles } from '@raywire/ray/internal';
import { sendJson, startHttpServer } from '@raywire/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { rayDriver } from './ray/ray-driver.js';
import { type Harness, makeDirectory, startGateway, TOKEN } from './testing/gateway-harness.js';

async function newClient({ gateway }: Harness): Promise<AgentClient> {
  const client = new AgentClient({ baseURL: gateway.url, agentToken: TOKEN });
  onTestFinished(() => client.close());
  return client;
}

function nameOf(content: Uint8Array, extension = '.zip'): string {
  return `_ray_pkg_${createHash('sha256').update(content).digest('hex').slice(0, 32)}${extension}`;
}

async function put(
  { gateway }: Harness,
  name: string,
  body: Uint8Array | ReadableStream | string,
  headers: Record<string, string> = { 'content-type': 'application/octet-stream' },
): Promise<{ status: number; detail: string }> {
  const response = await fetch(`${gateway.url}/packages/${name}/`, {
    method: 'PUT',
    headers: { authorization: TOKEN, ...headers },
    body: body as BodyInit,
    duplex: 'half',
  } as RequestInit);
  const { detail = '' } = (await response.json()) as { detail?: string };
  return { status: response.status, detail };
}

describe('a folder that is submitted through a gateway', () => {
  test('is where the job runs, with its modes, and is uploaded once per content', async () => {
    const harness = await startGateway();
    const client = await newClient(harness);
    const folder = await makeDirectory();
    mkdirSync(join(folder, 'bin', 'empty'), { recursive: true });
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'bin', 'run.sh'), '#!/bin/sh\necho ran; echo out > written; ls');
    chmodSync(join(folder, 'bin', 'run.sh'), 0o755);
    writeFileSync(join(folder, 'left.bin'), 'x'.repeat(100_000));
    writeFileSync(join(folder, 'big.txt'), 'y'.repeat(3_000_000));
    const ids: string[] = [];
    const phases: string[] = [];
    for (let time = 0; time < 2; time++) {
      const run = client.runJob({
        entrypoint: 'bin/run.sh',
        workingDirectory: folder,
        runtimeEnv: { excludes: ['*.bin'], env_vars: { A: 'b' } },
        onUploadProgress: ({ phase }) => phases.push(phase),
      });
      const lines: string[] = [];
      for await (const line of run) lines.push(line);
      expect(lines).toEqual(['ran', 'big.txt', 'bin', 'written']);
      const job = await run.result;
      expect(job).toMatchObject({ status: 'SUCCEEDED', runtime_env: { env_vars: { A: 'b' } } });
      expect(job.runtime_env?.working_dir).toMatch(/^gcs:\/\/_ray_pkg_[\da-f]{32}\.zip$/);
      ids.push(job.id);
    }
    expect([...new Set(phases)]).toEqual(['pack', 'upload', 'reuse']);
    // Each job has a folder of its own, for as long as it is there.
    const work = join(harness.directory, 'data', 'work');
    expect(readdirSync(work)).toHaveLength(2);
    expect(existsSync(join(work, `job-${ids[0]}`, 'bin', 'empty'))).toBe(true);
    for (const id of ids) await client.deleteJob(id);
    expect(readdirSync(work)).toEqual([]);
  });

  test('may be an archive or a Blob of one', async () => {
    const client = await newClient(await startGateway());
    const folder = await makeDirectory();
    writeFileSync(join(folder, 'hello.txt'), 'hello');
    const archive = join(await makeDirectory(), 'a.tgz');
    execFileSync('tar', ['-czf', archive, '-C', folder, '.']);
    for (const workingDirectory of [archive, new Blob([readFileSync(archive)])]) {
      const lines: string[] = [];
      for await (const line of client.runJob({ entrypoint: 'cat hello.txt; echo', workingDirectory }))
        lines.push(line);
      expect(lines).toEqual(['hello']);
    }
  });

  test('is refused before anything is sent where it is not one, and where the agent takes none', async () => {
    const asked: string[] = [];
    const server = await startHttpServer((request, response) => {
      asked.push(String(request.url));
      sendJson(response, 200, { capabilities: ['submit'] });
    });
    const client = new AgentClient({ baseURL: server.url, agentToken: TOKEN });
    onTestFinished(async () => {
      await client.close();
      await server.close();
    });
    const missing = client.submitJob({ entrypoint: 'x', workingDirectory: './no-such-folder' });
    await expect(missing).rejects.toBeInstanceOf(InvalidArgumentError);
    expect(asked).toEqual([]);
    const unsupported = client.submitJob({ entrypoint: 'x', workingDirectory: '.' });
    await expect(unsupported).rejects.toThrow(/cannot take a workingDirectory/);
    await expect(unsupported).rejects.toBeInstanceOf(UnsupportedByServerError);
    expect(asked.filter((url) => /jobs|packages/.test(url))).toEqual([]);
  });
});

describe('a package', () => {
  test('is refused by its name, its type, its size and its content, and then not kept', async () => {
    const harness = await startGateway();
    const content = new TextEncoder().encode('some bytes');
    const name = nameOf(content);
    const rows: [string, Parameters<typeof put>[2], Record<string, string> | undefined, number, RegExp][] = [
      ['..%2Fescape.zip', content, undefined, 400, /A package is named _ray_pkg_/],
      [name.replace('.zip', '.sh'), content, undefined, 400, /A package is named/],
      [name, 'some bytes', { 'content-type': 'application/json' }, 400, /not valid JSON/],
      [
        name,
        '{}',
        { 'content-type': 'application/json' },
        415,
        /send content-type: application\/octet-stream/,
      ],
      [nameOf(new Uint8Array(1)), content, undefined, 400, /does not begin with the hash/],
    ];
    for (const [path, body, headers, status, detail] of rows) {
      expect(await put(harness, path, body, headers)).toEqual({
        status,
        detail: expect.stringMatching(detail),
      });
    }
    expect((await harness.call('GET', `/packages/${name}/`)).status).toBe(404);
    const submitted = await harness.call('POST', '/jobs/', {
      entrypoint: 'true',
      runtime_env: { working_dir: `gcs://${name}` },
    });
    expect(submitted).toMatchObject({ status: 400, text: expect.stringContaining('upload it first') });
    expect(readdirSync(join(harness.directory, 'data', 'packages'))).toEqual([]);
    expect(harness.events.filter(({ type }) => type === 'error')).toEqual([]);
  });

  test('is stopped when it grows past 100 MiB, whatever its sender said of its size', async () => {
    const harness = await startGateway();
    const piece = new Uint8Array(4 * 1024 * 1024);
    let sent = 0;
    const endless = new ReadableStream({
      pull(controller) {
        sent += piece.length;
        controller.enqueue(piece);
      },
    });
    // The answer may be lost when the connection is reset under a sender that goes on.
    const answer = await put(harness, nameOf(piece), endless).catch(() => undefined);
    if (answer !== undefined) expect(answer).toMatchObject({ status: 413 });
    expect(sent).toBeLessThan(200 * 1024 * 1024);
    expect(readdirSync(join(harness.directory, 'data', 'packages'))).toEqual([]);
  });

  test('leaves nothing behind when its sender goes away, and when it is not an archive', async () => {
    const harness = await startGateway();
    const { port } = new URL(harness.gateway.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `PUT /packages/${nameOf(new Uint8Array(9))}/ HTTP/1.1\r\nhost: localhost\r\nauthorization: ${TOKEN}\r\n` +
        'content-type: application/octet-stream\r\ncontent-length: 9\r\n\r\nhalf',
    );
    const packages = join(harness.directory, 'data', 'packages');
    await expect.poll(() => existsSync(packages) && readdirSync(packages).length).toBe(1);
    socket.destroy();
    await expect.poll(() => readdirSync(packages)).toEqual([]);
    expect(harness.events.filter(({ type }) => type === 'error')).toEqual([]);
    const junk = new TextEncoder().encode('PK no archive, and long enough to be looked at');
    for (const extension of ['.zip', '.tar.gz']) {
      expect(await put(harness, nameOf(junk, extension), junk)).toMatchObject({ status: 201 });
      const working_dir = `gcs://${nameOf(junk, extension)}`;
      const answer = await harness.call('POST', '/jobs/', {
        entrypoint: 'true',
        runtime_env: { working_dir },
      });
      expect(answer).toMatchObject({ status: 400, text: expect.stringContaining('cannot be unpacked') });
    }
    expect(readdirSync(join(harness.directory, 'data', 'work'))).toEqual([]);
  });

  test('that leads out of its folder is not unpacked, nor one whose job cannot be made', async () => {
    const harness = await startGateway();
    const folder = await makeDirectory();
    writeFileSync(join(folder, 'a.txt'), 'a');
    const { bytes } = await packLocalFiles(
      { source: folder, kind: 'directory', place: 'test', excludes: [] },
      { onProgress: undefined, signal: undefined },
    );
    const evil = Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('a.txt', '../ab'), 'latin1');
    await put(harness, nameOf(evil), evil);
    await put(harness, nameOf(bytes), bytes);
    const submit = (content: Uint8Array): ReturnType<Harness['call']> =>
      harness.call('POST', '/jobs/', {
        entrypoint: 'true',
        submission_id: 'taken',
        runtime_env: { working_dir: `gcs://${nameOf(content)}` },
      });
    expect(await submit(evil)).toMatchObject({
      status: 400,
      text: expect.stringContaining('leads out of it'),
    });
    expect((await submit(bytes)).status).toBe(201);
    expect((await submit(bytes)).status).toBe(409);
    expect(readdirSync(join(harness.directory, 'data', 'work'))).toEqual(['job-taken']);
  });
});

describe('a gateway of a Ray cluster', () => {
  async function startCluster() {
    const packages = new Map<string, Buffer>();
    const jobs: { runtime_env?: Record<string, unknown> }[] = [];
    const head = await startHttpServer((request, response) => {
      const { method, url = '' } = request;
      buffer(request).then(
        (body) => {
          if (method === 'PUT') packages.set(url, body);
          if (method === 'POST') jobs.push(JSON.parse(body.toString()));
          const isMissing = method === 'GET' && !packages.has(url);
          sendJson(response, isMissing ? 404 : 200, { submission_id: 'a', job_id: 'a' });
        },
        () => response.destroy(),
      );
    });
    const harness = await startGateway({ driver: rayDriver({ address: head.url, token: 'of-the-cluster' }) });
    onTestFinished(() => head.close());
    return { harness, packages, jobs };
  }

  test('hands packages on to it, but none that is not what its name says', async () => {
    const { harness, packages, jobs } = await startCluster();
    const folder = await makeDirectory();
    writeFileSync(join(folder, 'main.py'), 'print(1)'.repeat(100_000));
    const client = await newClient(harness);
    const workingDirectory = folder;
    for (let time = 0; time < 2; time++) await client.submitJob({ entrypoint: 'x', workingDirectory });
    const [path, archive] = [...packages][0] as [string, Buffer];
    expect(packages.size).toBe(1);
    expect(path).toBe(`/api/packages/gcs/${nameOf(archive)}`);
    const working_dir = `gcs://${nameOf(archive)}`;
    expect(jobs.map(({ runtime_env }) => runtime_env)).toEqual([{ working_dir }, { working_dir }]);
    expect(await put(harness, nameOf(new Uint8Array(3)), archive)).toMatchObject({ status: 400 });
    expect(packages.size).toBe(1);
  });

  test.each([
    { working_dir: '.' },
    { working_dir: '/etc' },
    { py_modules: ['/etc/passwd.py'] },
    { pip: '/etc/passwd' },
    { pip: { packages: '/etc/passwd' } },
    { uv: '/etc/passwd' },
    { conda: '/etc/secrets.yaml' },
  ])('reads none of its own files for a caller: %j', async (runtime_env) => {
    const { harness, packages, jobs } = await startCluster();
    const answer = await harness.call('POST', '/jobs/', { entrypoint: 'x', runtime_env });
    expect(answer).toMatchObject({
      status: 400,
      text: expect.stringContaining('the gateway reads none of its own files'),
    });
    expect([packages.size, jobs.length]).toEqual([0, 0]);
  });
});
