import type { LogFrame } from '@raywire/core';
import { expect } from 'vitest';
import type { ContractCase } from '../contract-case.js';
import type { TransportPeer } from '../transport-server.js';

const FRAME_BYTES = 64 * 1024;
/** The two kernels' socket buffers grow to about 10 MiB on loopback; the transport itself may add little. */
const MAX_BYTES_IN_FLIGHT = 16 * 1024 * 1024;
const STALLED_AFTER_MS = 400;

/** A reader that stops makes the writer stop, and nothing is lost by it. */
export const backpressureCases: readonly ContractCase[] = [
  {
    name: 'stops the writer when nobody reads, within 16 MiB in flight, and lets it go on with the reader',
    needs: ['backpressure'],
    async run({ connect }) {
      const { connection, peer } = await connect();
      const frames = connection[Symbol.asyncIterator]();
      const first = Buffer.alloc(FRAME_BYTES, 'a');
      const [begun] = await Promise.all([frames.next(), peer.send(first)]);
      let received = length(begun);
      const { sent, stalled } = await sendUntilStalled(peer);
      expect(peer.bytesAccepted).toBeLessThan(MAX_BYTES_IN_FLIGHT);
      const ending = stalled?.then(() => peer.end());
      for (;;) {
        const result = await frames.next();
        if (result.done === true) break;
        received += length(result);
      }
      await ending;
      expect(received).toBe(first.length + sent);
    },
  },
  {
    name: 'frees a socket that is stopped',
    needs: ['backpressure'],
    async run({ connect }) {
      const { connection, peer } = await connect();
      const { stalled } = await sendUntilStalled(peer);
      connection.close();
      // What was stopped fails now: there is nobody left to send it to.
      await Promise.all([peer.gone, stalled?.catch(() => undefined)]);
      expect((await connection.closed).clean).toBe(false);
    },
  },
];

/** Sends until a frame does not leave any more, or twice as much is in flight as is allowed. */
async function sendUntilStalled(
  peer: TransportPeer,
): Promise<{ sent: number; stalled: Promise<void> | undefined }> {
  const frame = Buffer.alloc(FRAME_BYTES, 'b');
  let sent = 0;
  while (peer.bytesAccepted < 2 * MAX_BYTES_IN_FLIGHT) {
    const sending = peer.send(frame);
    sent += frame.length;
    if (await stalls(sending)) return { sent, stalled: sending };
  }
  return { sent, stalled: undefined };
}

function stalls(sending: Promise<void>): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(true), STALLED_AFTER_MS);
    sending.then(
      () => {
        clearTimeout(timer);
        resolve(false);
      },
      (error) => {
        clearTimeout(timer);
        reject(error);
      },
    );
  });
}

function length(result: IteratorResult<LogFrame, unknown>): number {
  return result.done === true ? 0 : result.value.length;
}
