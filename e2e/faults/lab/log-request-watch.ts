const LOG_PATH = /^GET \/jobs\/([^/]+)\/logs\/(stream\/)?(?:\?\S*)? HTTP\/1\.1\r\n/;
const UPGRADE = /\r\nupgrade: websocket\r\n/i;

/**
 * Finds requests for a tailed log in what a client sends. None has a body and clients write a head at once, so a
 * chunk that begins with a method is a head. A `GET` of the whole log, without an upgrade, is not a tail.
 */
export class LogRequestWatch {
  #upgraded = false;

  /** The job whose log is asked for in this chunk. */
  see(chunk: Buffer): string | undefined {
    if (this.#upgraded || chunk[0] !== 0x47) return undefined;
    const head = chunk.toString('latin1');
    const [, jobId, stream] = LOG_PATH.exec(head) ?? [];
    const isUpgrade = UPGRADE.test(head);
    if (jobId === undefined || (stream === undefined && !isUpgrade)) return undefined;
    this.#upgraded = isUpgrade;
    return jobId;
  }
}

/** A request's head as it leaves a proxy that knows no WebSocket: the hop-by-hop headers are gone. */
export function withoutUpgrade(chunk: Buffer): Buffer {
  const head = chunk
    .toString('latin1')
    .replace(/\r\n(?:upgrade|connection|sec-websocket-[a-z]+):[^\r]*/gi, '');
  return Buffer.from(head.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'), 'latin1');
}
