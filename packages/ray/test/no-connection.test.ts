import { InvalidArgumentError, type LogConnection, type LogTransport } from '@raywire/core';
import { collect } from '@raywire/testing';
import { describe, expect, it } from 'vitest';
import { agentWith } from './tail-lab.js';

const job = () => ({ job_id: 'job', status: 'RUNNING', start_time: 1 });

describe('a transport that gives no connection', () => {
  it.each([undefined, null, {}, { close: () => undefined }])('but %j is named', async (given) => {
    const open = async (): Promise<LogConnection> => given as unknown as LogConnection;
    const transport: LogTransport = { contractVersion: 1, name: 'mine', wire: 'websocket', open };
    const { client } = await agentWith({ job }, { transports: [transport] });
    const { error } = await collect(client.tailJobLogs('job', { protocol: 'mine' }));
    expect(error).toBeInstanceOf(InvalidArgumentError);
    expect((error as Error).message).toMatch(/"mine".*LogConnection/);
  });
});
