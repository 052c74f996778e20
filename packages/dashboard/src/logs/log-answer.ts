import { StreamGapError } from '@raywire/core';

/** Whether an answer is a page, as proxies send them under any status: never a log file. */
export function isPage(headers: Readonly<Record<string, string>>): boolean {
  return /\bhtml\b/i.test(headers['content-type'] ?? '');
}

/** Whether nothing says how long an answer is, so that a cut looks like its end. */
export function isUnframed(headers: Readonly<Record<string, string>>): boolean {
  return headers['content-length'] === undefined && headers['transfer-encoding'] === undefined;
}

/** Less is there than was delivered. */
export function shorterThanBefore(): StreamGapError {
  return new StreamGapError({
    message: 'The log file is shorter than what was delivered: it was truncated or replaced.',
  });
}
