// A backend of one's own: jobs are files of a folder, and every promise of a tail holds for them.
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRayClient } from '@raywire/ray';
import { folderBackend } from './folder-backend.ts';

const folder = await mkdtemp(join(tmpdir(), 'raywire-custom-backend-'));
await writeFile(join(folder, 'train.log'), 'epoch 1\nepoch 2\n');
const client = createRayClient({ backend: folderBackend(folder) });

const first = client.tailJobLogs('train');
for await (const line of first) {
  console.log(line);
  if (line === 'epoch 2') break;
}
const { cursor } = first;

// The job goes on while nobody reads, and ends while somebody does.
await appendFile(join(folder, 'train.log'), 'epoch 3\n');
const second = client.tailJobLogs('train', { cursor });
for await (const line of second) {
  console.log(line);
  if (line === 'epoch 3') {
    await appendFile(join(folder, 'train.log'), 'accuracy 0.9');
    await writeFile(join(folder, 'train.exit'), '0');
  }
}
const { reason, jobStatus, exitCode } = await second.end;
console.log(`${reason}: ${jobStatus}, exit code ${exitCode}`);
console.log(`jobs: ${(await client.listJobs()).map(({ id, status }) => `${id} ${status}`).join(', ')}`);

await client.close();
await rm(folder, { recursive: true });
