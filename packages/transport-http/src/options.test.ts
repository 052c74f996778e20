import { InvalidArgumentError } from '@raywire/core';
import { expect, test } from 'vitest';
import * as overFetch from './index.fetch.js';
import * as node from './index.js';

const makers = [
  ['in Node', node],
  ['over fetch', overFetch],
] as const;

test.each(makers)('%s what is no option is refused by name', (_where, { httpTransport, undiciRequester }) => {
  const rows: [make: () => unknown, message: RegExp][] = [
    [() => httpTransport({ foo: 1 } as object), /httpTransport has no option "foo"/],
    [() => httpTransport(null as unknown as object), /httpTransport takes an object of options/],
    [() => httpTransport({ requester: {} } as object), /requester must be an HttpRequester/],
    [() => httpTransport({ requester: null } as unknown as object), /requester must be an HttpRequester/],
    [() => undiciRequester({ foo: 1 } as object), /undiciRequester has no option "foo"/],
    [() => undiciRequester(null as unknown as object), /undiciRequester takes an object of options/],
  ];
  for (const [make, message] of rows) {
    expect(make).toThrow(InvalidArgumentError);
    expect(make).toThrow(message);
  }
});
