import { isIPv6 } from 'node:net';

/**
 * Whose connection it is, as far as the network shows: the address of the peer, and of an IPv6 one its first 64 bits,
 * since one host has all addresses that begin with them. Behind a reverse proxy all callers have the proxy's.
 */
export function callerAddress(socket: { remoteAddress?: string | undefined }): string {
  // A dual-stack listener shows IPv4 addresses inside IPv6. A socket that is closed has none.
  const address = (socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/, '');
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*/, '').split('::');
  const groups = head === '' ? [] : head.split(':');
  const given = groups.length + (tail ? tail.split(':').length : 0);
  if (tail !== undefined) groups.push(...Array<string>(8 - given).fill('0'), ...tail.split(':'));
  return `${groups.slice(0, 4).join(':')}::/64`;
}
