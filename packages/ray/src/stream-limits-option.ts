import { type OptionKind, optionPlace } from '@raywire/core/internal';
import { StreamLimits, type StreamLimitsInit } from '@raywire/network';

/** `StreamLimits`, or what they are made of. */
// @__NO_SIDE_EFFECTS__
export function streamLimitsOption(): OptionKind<StreamLimits | StreamLimitsInit, undefined> {
  return {
    fallback: undefined,
    inner: () => Object.keys(new StreamLimits()),
    check: (value, option, where) => StreamLimits.from(value as StreamLimitsInit, optionPlace(option, where)),
  };
}
