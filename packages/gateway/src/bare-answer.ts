/** An answer to what never reaches a route, as bytes: Node's parser refused it, or knows no response for it. */
function bareAnswer(status: string, detail: string, headers: readonly string[] = []): string {
  const body = JSON.stringify({ detail });
  return [
    `HTTP/1.1 ${status}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n');
}

/** @param code the one of the parser's error */
export function malformedRequestAnswer(code: string | undefined, maxHeaderBytes: number): string {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return bareAnswer(
        '431 Request Header Fields Too Large',
        `Headers have at most ${maxHeaderBytes} bytes`,
      );
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return bareAnswer('408 Request Timeout', 'The request did not arrive in time');
    default:
      return bareAnswer('400 Bad Request', 'Not an HTTP request');
  }
}

/** To `CONNECT`: the gateway tunnels nothing, for nobody. */
export function tunnelAnswer(): string {
  return bareAnswer('405 Method Not Allowed', 'The gateway is no proxy: CONNECT is not allowed', ['allow: ']);
}
