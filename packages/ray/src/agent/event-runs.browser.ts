import type { MakeEventRuns } from './event-runs.node.js';

/** None: a browser's WebSocket hands out strings, which `JSON.parse` reads. */
export const eventRuns: MakeEventRuns = () => undefined;
