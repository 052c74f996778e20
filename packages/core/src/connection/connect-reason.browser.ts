import type { ConnectReason } from './connect-reason.node.js';

/** A browser gives no reason. */
export function connectReason(_cause: unknown): ConnectReason {
  return {};
}
