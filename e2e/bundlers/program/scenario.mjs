/** What every build has to do: list jobs, tail one to its end by both wires, tell errors apart, close. */
export async function runScenario({ AgentClient, ClientError, DashboardClient }, config) {
  const client = new AgentClient({ baseURL: config.baseURL, agentToken: config.agentToken });
  const { job_id: jobId } = await client.submitJob({ entrypoint: "seq -f 'line %.0f' 1 1000" });
  const { items } = await client.listJobs();
  const report = { listed: items.some((job) => job.id === jobId) };
  for (const protocol of ['websocket', 'http']) {
    const tail = client.tailJobLogs(jobId, { protocol });
    const lines = [];
    for await (const line of tail) lines.push(line);
    const { reason, transport, jobStatus } = await tail.end;
    report[protocol] = { lines: lines.length, last: lines.at(-1), reason, transport, jobStatus };
  }
  report.missing = await errorOf(ClientError, client.getJob('no-such-job'));
  await client.close();
  const dashboard = new DashboardClient({ address: config.refusedURL, token: 'none', maxRetries: 0 });
  report.refused = await errorOf(ClientError, dashboard.listJobs());
  await dashboard.close();
  return report;
}

async function errorOf(ClientError, promise) {
  try {
    return { value: await promise };
  } catch (error) {
    if (!ClientError.isInstance(error)) throw error;
    return { name: error.name, code: error.code };
  }
}
