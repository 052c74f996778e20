import type { OptionKind } from '@raywire/core/internal';

/** A token, or a function that gives one and is asked again after a 401. */
export type Token = string | (() => string | Promise<string>);

/**
 * Gives a token. A function is asked once, and again only for a fresh one.
 *
 * @param option where the token comes from, for messages
 * @throws {InvalidArgumentError} when it is not what `text` takes
 */
export function tokenSource(
  token: Token | undefined,
  text: OptionKind<string>,
  option: string,
): (refresh: boolean) => Promise<string | undefined> {
  if (typeof token !== 'function') {
    const checked = token === undefined ? undefined : text.check(token, option);
    return async () => checked;
  }
  let known: Promise<string> | undefined;
  return (refresh) => {
    if (known === undefined || refresh) {
      const asked = (async () => text.check(await token(), `what ${option} returns`))();
      known = asked;
      // A failure is not remembered: the next request asks again.
      asked.catch(() => {
        if (known === asked) known = undefined;
      });
    }
    return known;
  };
}
