import type { RayClient } from '@raywire/ray';

/** A service as you would write it: it trains, and says in one line how that went. */
export async function nightlyReport(client: RayClient): Promise<string> {
  const { submission_id: jobId } = await client.submitJob({ entrypoint: 'python train.py' });
  const tail = client.tailJobLogs(jobId);
  let accuracy = 'unknown';
  for await (const line of tail) accuracy = /^accuracy (.*)$/.exec(line)?.[1] ?? accuracy;
  const { jobStatus, message } = await tail.end;
  return jobStatus === 'SUCCEEDED' ? `trained, accuracy ${accuracy}` : `${jobStatus}: ${message}`;
}
