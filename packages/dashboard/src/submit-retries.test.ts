import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Fate, type PackageHead, startPackageHead } from './testing/package-head.js';

let folder: string;
const closing: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'raywire-'));
  writeFileSync(join(folder, 'main.py'), 'print(1)');
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true });
});

async function startHead(fates: Partial<Record<'PUT' | 'POST', Fate[]>>): Promise<PackageHead> {
  const head = await startPackageHead(fates);
  closing.push(() => head.close());
  return head;
}

it.each<[Fate[], Fate[]]>([
  [['reset'], []],
  [['answer lost', 503], []],
  [[503], ['reset', 503]],
  [[], ['answer lost']],
])('a job with a working directory is submitted once, whatever befalls %j and %j', async (PUT, POST) => {
  const { client, packages, jobs, asked } = await startHead({ PUT: [...PUT], POST: [...POST] });
  const seen: number[] = [];
  const submitted = await client.submitJob({
    entrypoint: 'python main.py',
    workingDirectory: folder,
    onUploadProgress: ({ phase, bytes }) => phase === 'upload' && seen.push(bytes),
  });
  expect([...jobs.keys()]).toEqual([submitted.submission_id]);
  const [[path, archive]] = [...packages] as [[string, Buffer]];
  expect(jobs.get(submitted.submission_id)).toMatchObject({
    entrypoint: 'python main.py',
    runtime_env: { working_dir: `gcs://${path.slice('/api/packages/gcs/'.length)}` },
  });
  expect(seen.at(-1)).toBe(archive.length);
  const count = (method: string): number => asked.filter((request) => request.startsWith(method)).length;
  expect([count('PUT'), count('POST')]).toEqual([PUT.length + 1, POST.length + 1]);
});

it('a submission with a working directory is tried as often as its caller says, and a given ID only once', async () => {
  const given = { entrypoint: 'python main.py', workingDirectory: folder };
  const never = await startHead({ PUT: [503] });
  await expect(never.client.submitJob({ ...given, maxRetries: 0 })).rejects.toMatchObject({
    statusCode: 503,
  });
  expect(never.asked).toEqual(['GET /api/packages/gcs/package.zip', 'PUT /api/packages/gcs/package.zip']);
  const once = await startHead({ POST: [503] });
  await expect(once.client.submitJob({ ...given, submissionId: 'mine' })).rejects.toMatchObject({
    statusCode: 503,
  });
  expect(once.asked.filter((request) => request.startsWith('POST'))).toHaveLength(1);
});
