/** The answer to `stopJob`; `fieldOf` reads further fields of the server. */
export interface StoppedJob {
  /** The job is being stopped. False: it had ended before. */
  stopped: boolean;
}

/** Reads an answer of 2xx: the job is being stopped unless the answer has `stopped: false`. */
export function stoppedJob(answer: unknown): StoppedJob {
  const sent: { stopped?: unknown } = typeof answer === 'object' ? (answer ?? {}) : {};
  return { ...sent, stopped: sent.stopped !== false };
}
