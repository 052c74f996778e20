import { rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startGateway, submitPipedJob } from '../testing/gateway-harness.js';

describe('the log file of a job', () => {
  test('that is cut under its readers is an error, and never told as complete', async () => {
    const harness = await startGateway();
    const job = await submitPipedJob(harness);
    await job.write('one\ntwo\nthree\n');
    const webSocket = harness.webSocket(`/jobs/${job.id}/logs/`);
    const sse = await harness.sse(`/jobs/${job.id}/logs/stream/`);
    for (const message of ['one', 'two', 'three']) {
      expect(await webSocket.next()).toMatchObject({ message });
      expect(await sse.next()).toMatchObject({ message });
    }
    await truncate(join(harness.directory, 'data', 'logs', `${job.id}.log`));
    await job.write('new\n');
    await job.end();
    const failed = [{ type: 'error', message: 'The log could not be read' }];
    expect(await sse.all()).toEqual(failed);
    expect(await webSocket.all()).toEqual(failed);
    expect((await webSocket.closed).code).toBe(1011);
  });

  test('that was removed is answered 404, with the reason', async () => {
    const harness = await startGateway();
    const id = await harness.submit('echo x');
    await harness.ended(id);
    await rm(join(harness.directory, 'data', 'logs', `${id}.log`));
    for (const path of ['logs/', 'logs/stream/']) {
      const { status, json } = await harness.call('GET', `/jobs/${id}/${path}`);
      expect({ status, detail: json.detail }).toEqual({
        status: 404,
        detail: `The log of job '${id}' is not there any more`,
      });
    }
  });
});
