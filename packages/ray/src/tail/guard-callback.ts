type Callback<T> = (value: T) => void;

/** A callback of the caller's: one that throws fails the tail by itself, one that is asynchronous by `onRejected`. */
export function guardCallback<T>(
  callback: Callback<T> | undefined,
  onRejected: (error: unknown) => void,
): Callback<T> | undefined {
  if (callback === undefined) return undefined;
  return (value) => {
    const told: unknown = callback(value);
    if (told instanceof Promise) told.catch(onRejected);
  };
}
