import { describe, expect, it } from 'vitest';
import { DashboardClient } from './dashboard-client.js';

describe('a DashboardClient', () => {
  it.each([
    [{ adress: 'x' }, /has no option "adress": did you mean address\?/],
    [{ baseURL: 'http://127.0.0.1:1' }, /has no option "baseURL": it is called address here/],
    [{ agentToken: 'x' }, /has no option "agentToken": it is called token here/],
    [{ tenant: 'x' }, /createRayClient of @raywire\/ray takes any/],
    [{ ca: 'x' }, /pass tls: \{ ca: … \}/],
    [{ tls: { ca: 5 } }, /tls\.ca must be PEM/],
    [{ address: 'ray://head:10001' }, /8265/],
    [{ address: 'http://user:secret@head:8265' }, /credentials/],
    [{ token: '' }, /token must be/],
    [{ token: null }, /token must be/],
    [{ tokenHeader: 'X-Token' }, /tokenHeader must be/],
    [{ nodeAgents: 'yes' }, /nodeAgents must be/],
  ])('refuses %j before anything is sent', (options, message) => {
    expect(() => new DashboardClient(options as never)).toThrow(message);
  });

  it('takes the options that a subclass names besides', () => {
    class ColourfulClient extends DashboardClient {
      static override readonly optionNames: readonly string[] = [...DashboardClient.optionNames, 'colour'];
    }
    const options = { address: '127.0.0.1:1', colour: 'red' };
    expect(new ColourfulClient(options).baseURL).toBe('http://127.0.0.1:1/');
    expect(() => new ColourfulClient({ ...options, color: 'red' } as typeof options)).toThrow('"color"');
    expect(() => new DashboardClient(options)).toThrow('"colour"');
  });

  it('refuses bad IDs and options of its methods at once', async () => {
    const client = new DashboardClient({ address: '127.0.0.1:1', token: 'x' });
    expect(() => client.tailTaskLogs('..')).toThrow(/task ID/);
    expect(() => client.tailActorLogs('a', { stream: 'log' as never })).toThrow(/stream must be/);
    expect(() => client.tailServeReplicaLogs({ application: 'a' } as never)).toThrow(/deployment ID/);
    expect(() => client.tailJobLogs('a', { timeout: 30 } as never)).toThrow(/timeoutMs: 30000/);
    expect(() => client.tailTaskLogs('a', null as never)).toThrow(/takes an object of options/);
    expect(() => client.tasks(null as never)).toThrow(/tasks takes an object of options/);
    expect(() => client.tasks({ limit: 5 } as never)).toThrow(/tasks has no option "limit"/);
    expect(() => client.tasks({ onIncomplete: 5 } as never)).toThrow(/onIncomplete must be a function/);
    const path = { path: 'api/jobs/' } as never;
    const deployment = { applications: [] };
    await expect(client.getVersion(path)).rejects.toThrow(/getVersion has no option "path"/);
    await expect(client.getClusterStatus(path)).rejects.toThrow(/getClusterStatus has no option "path"/);
    await expect(client.deployServeApplications(deployment, path)).rejects.toThrow(/has no option "path"/);
    await expect(client.waitForServeApplication('a', path)).rejects.toThrow(/has no option "path"/);
    await expect(client.waitForServeApplication('a', null as never)).rejects.toThrow(/object of options/);
    const soon = { giveUpAfterMs: 'soon' } as never;
    await expect(client.waitForServeApplication('a', soon)).rejects.toThrow(/giveUpAfterMs must be/);
    await expect(client.listTasks({ limit: 1e6 })).rejects.toThrow(/limit must be/);
    const both = { entrypoint: 'x', workingDirectory: '.', runtimeEnv: { working_dir: 'y' } };
    await expect(client.submitJob(both)).rejects.toThrow(/exclude each other/);
    await expect(client.submitJob({ entrypoint: '', workingDirectory: '.' })).rejects.toThrow(
      /entrypoint must be/,
    );
    const runs: [object, RegExp][] = [
      [{ entrypoint: '' }, /entrypoint must be/],
      [{ entrypoint: 'x', workingdirectory: '.' }, /it is called workingDirectory/],
      [{ entrypoint: 'x', workingDirectory: '' }, /workingDirectory must be/],
      [{ entrypoint: 'x', tail: { tailLines: -1 } }, /tailLines must be/],
      [{ entrypoint: 'x', tail: { protocol: 'smoke' } }, /protocol "smoke" is unknown/],
    ];
    for (const [options, message] of runs) expect(() => client.runJob(options as never)).toThrow(message);
    await client.close();
    await expect(client.listJobs()).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });
});
