import { checkedBy, kind } from './option-kinds.js';
import type { OptionKind } from './option-table.js';

/** On a signal of another realm: the one of this realm that follows it. */
const FOLLOWER = /* @__PURE__ */ Symbol('raywire.follower');

/**
 * A signal to abort by. Those of polyfills and other realms are known by their shape, and followed by one of this
 * realm: `AbortSignal.any` takes no others, and old polyfills lack `throwIfAborted`. @__NO_SIDE_EFFECTS__
 */
export function abortSignal(): OptionKind<AbortSignal, undefined> {
  const { check } = kind<AbortSignal>('an AbortSignal', isSignal, {
    remedy: (value) =>
      isSignal((value as Partial<AbortController> | null)?.signal) ? ' Pass its `signal`.' : '',
  });
  return checkedBy((value, place) => followed(check(value, place)));
}

function isSignal(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value;
}

function followed(signal: AbortSignal & { [FOLLOWER]?: AbortSignal }): AbortSignal {
  const { [FOLLOWER]: known = signal } = signal;
  if (known instanceof AbortSignal) return known;
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener('abort', follow, { once: true });
  // Kept on the signal itself: many calls add one listener to it, and it goes when the signal goes.
  Reflect.defineProperty(signal, FOLLOWER, { value: controller.signal });
  return controller.signal;
}
