import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** How a slow sender was sent away. */
export interface SentAway {
  /** Of the answer, where there was one. */
  status: number | undefined;
  /** How many bytes it had sent by then. */
  sent: number;
}

/** Sends a beginning at once and then one byte of the rest at a time, for ever; resolves when the server has had enough. */
export async function trickle(
  url: string,
  options: { atOnce: string; rest: () => string; everyMs: number },
): Promise<SentAway> {
  const socket: Socket = connect({
    ...{ port: Number(new URL(url).port), host: '127.0.0.1', noDelay: true },
    // An end of the server's alone does not make it go.
    allowHalfOpen: true,
  });
  const answer: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => answer.push(chunk));
  // A reset is one way of being sent away, and a write may meet it.
  socket.on('error', () => socket.destroy());
  await once(socket, 'connect');
  let sent = options.atOnce.length;
  if (options.atOnce !== '') socket.write(options.atOnce);
  const timer = setInterval(() => {
    // After the server's end only a byte shows whether it has gone, too.
    const bytes = socket.readableEnded ? 'x' : options.rest();
    sent += bytes.length;
    if (bytes !== '') socket.write(bytes);
  }, options.everyMs);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(timer);
  const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(Buffer.concat(answer).toString('latin1')) ?? [];
  return { status: status === undefined ? undefined : Number(status), sent };
}
