// From `print` to the reader's loop. Arguments: <lines> <lines not counted> <base URL> <job ID> websocket|http
import { AgentClient, StreamLimits } from '@raywire/agent';
import { TOKEN } from '../start-gateway.ts';
import { DelayMeter } from './delays.ts';

const [lines, uncounted, baseURL = '', jobId = '', wire] = process.argv.slice(2);
const meter = new DelayMeter(Number(lines), Number(uncounted));
const client = new AgentClient({ baseURL, agentToken: TOKEN, streamLimits: StreamLimits.unlimited() });
const tail = wire === 'websocket' ? client.websocketTailJobLogs(jobId) : client.streamTailJobLogs(jobId);
for await (const line of tail) meter.note(line);
await client.close();
meter.print();
