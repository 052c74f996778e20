import type { GatewayEvent } from './gateway-options.js';

/**
 * Calls the owner's `onEvent` from places where nobody waits for its answer. What it throws, or rejects with, ends
 * neither a request nor the process: the first failure is a warning of the process.
 */
export function withoutThrowing(onEvent: (event: GatewayEvent) => unknown): (event: GatewayEvent) => void {
  let hasWarned = false;
  const warn = (error: unknown): void => {
    if (hasWarned) return;
    hasWarned = true;
    const reason = error instanceof Error ? error.message : String(error);
    process.emitWarning(
      `onEvent of the gateway failed: ${reason}. Further failures are not reported. Catch errors within onEvent.`,
      'RaywireWarning',
    );
  };
  return (event) => {
    try {
      const answer = onEvent(event);
      if (answer instanceof Promise) answer.catch(warn);
    } catch (error) {
      warn(error);
    }
  };
}
