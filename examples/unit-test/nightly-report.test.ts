import { fakeRay } from '@raywire/ray/testing';
import { expect, test } from 'vitest';
import { nightlyReport } from './nightly-report.ts';

test('the report has the last accuracy', async () => {
  const ray = fakeRay({
    onSubmit: () => ({ lines: ['epoch 1', 'accuracy 0.8', 'epoch 2', 'accuracy 0.9'] }),
  });
  expect(await nightlyReport(ray.client)).toBe('trained, accuracy 0.9');
  expect(ray.submissions).toMatchObject([{ entrypoint: 'python train.py' }]);
  await ray.close();
});

test('the report says why a job has failed, in the middle of its log too', async () => {
  const ray = fakeRay({ onSubmit: () => ({ status: 'RUNNING', lines: ['epoch 1'] }) });
  const report = nightlyReport(ray.client);
  await expect.poll(() => ray.submissions.length).toBe(1);
  const jobId = ray.submissions[0]?.submissionId ?? '';
  ray.write(jobId, 'epoch 2');
  ray.finish(jobId, { status: 'FAILED', message: 'out of memory' });
  expect(await report).toBe('FAILED: out of memory');
  await ray.close();
});
