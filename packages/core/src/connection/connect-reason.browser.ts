import { type FindConnectReason, NO_REASON } from './connect-reason.js';

/** A browser gives no codes. */
export const connectReason: FindConnectReason = () => ({ meaning: NO_REASON });
