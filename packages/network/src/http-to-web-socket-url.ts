import { refuseOption } from '@raywire/core/internal';

/**
 * The WebSocket URL of the same place: `http:` becomes `ws:`, `https:` becomes `wss:`; path and query stay.
 *
 * @throws {InvalidArgumentError} for any other scheme, credentials or a fragment; the URL is not repeated
 */
export function httpToWebSocketUrl(url: string): string {
  // `new URL` quotes its input in its error, password and all.
  const parsed = typeof url === 'string' && URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
    refuseOption('A WebSocket URL is made of one that begins with http:// or https://.');
  }
  if (parsed.username !== '' || parsed.password !== '')
    refuseOption('The URL must not contain credentials: give them by headers.');
  if (parsed.hash !== '') refuseOption('The URL of a WebSocket must not have a fragment (#…).');
  // To the scheme alone, since everything after it is the same.
  return parsed.href.replace(/^http/, 'ws');
}
