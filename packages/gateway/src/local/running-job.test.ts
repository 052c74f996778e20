import { expect, test } from 'vitest';
import { makeDirectory, startGateway } from '../testing/gateway-harness.js';
import { localDriver } from './local-driver.js';

test('a gateway that keeps its jobs waits for one that is being stopped, and its end is stored', async () => {
  const directory = await makeDirectory();
  const open = () => startGateway({ driver: localDriver({ directory, keepJobs: true }) });
  const first = await open();
  const id = await first.submit(`trap '' TERM; echo up; sleep 60`);
  await first.webSocket(`/jobs/${id}/logs/`).next();
  await first.call('POST', `/jobs/${id}/stop/`);
  await first.gateway.close();
  const second = await open();
  const job = (await second.call('GET', `/jobs/${id}/`)).json;
  expect(job).toMatchObject({ status: 'STOPPED', driver_exit_code: -9 });
});
