import { type ScriptedAgent, sendLines, startScriptedAgent, writeLines } from '@raywire/testing';

/** An old agent whose one job writes some lines, is quiet, writes the others, and ends. */
export interface QuietAgent extends ScriptedAgent {
  /** Ends the quiet, and the job. */
  goOn(): void;
}

/** Starts it. It has no heartbeat of any kind but TCP's. */
export async function startQuietAgent(
  before: readonly string[],
  after: readonly string[],
): Promise<QuietAgent> {
  const quiet = Promise.withResolvers<void>();
  let isOver = false;
  const agent = await startScriptedAgent({
    job: (jobId) => ({
      job_id: jobId,
      status: isOver ? 'SUCCEEDED' : 'RUNNING',
      start_time: 1,
      driver_exit_code: isOver ? 0 : null,
    }),
    logs: () => [...before, ...(isOver ? after : [])].map((line) => `${line}\n`).join(''),
    webSocket(socket) {
      sendLines(socket, before);
      void quiet.promise.then(() => {
        sendLines(socket, after);
        socket.send('{"type": "complete"}');
        socket.close(1000);
      });
    },
    stream(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      writeLines(response, before);
      void quiet.promise.then(() => {
        writeLines(response, after);
        response.end('data: {"type": "complete"}\n\n');
      });
    },
  });
  return {
    ...agent,
    goOn() {
      isOver = true;
      quiet.resolve();
    },
  };
}
