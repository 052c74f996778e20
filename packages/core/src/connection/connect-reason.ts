/** Why a connection failed, as the runtime reports it. */
export interface ConnectReason {
  /** The runtime's code. */
  code?: string | undefined;
  /** What it means, and the remedy. */
  meaning: string;
  /** Default false. */
  isTimeout?: boolean | undefined;
}

/** @param cause what the runtime reports */
export type FindConnectReason = (cause: unknown) => ConnectReason;

/** Said where there is no code. */
export const NO_REASON: string =
  'the runtime gives no reason. The server may be down or refuse, or CORS, mixed content or a blocked port is in the way.';
