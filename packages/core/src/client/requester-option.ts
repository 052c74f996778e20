import type { HttpRequester } from '../contracts/http-requester.js';
import { contract } from '../options/option-kinds.js';
import type { OptionKind } from '../options/option-table.js';

/** An `HttpRequester`. */
// @__NO_SIDE_EFFECTS__
export function requesterOption(): OptionKind<HttpRequester, undefined> {
  return contract('an HttpRequester', 'fetchRequester()', ({ request }) => typeof request === 'function');
}
