import { StreamGapError } from '@raywire/core';

/** Whether an answer is a page, as proxies send them under any status: never a log file. */
export function isPage(headers: Readonly<Record<string, string>>): boolean {
  return /\bhtml\b/i.test(headers['content-type'] ?? '');
}

/** Less is there than was delivered. */
export function shorterThanBefore(): StreamGapError {
  return new StreamGapError({
    message: 'The log file is shorter than what was delivered: it was truncated or replaced.',
  });
}
