import type { ErrorCodes } from './error-code.js';
import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 405: Ray took the caller for a browser and refused the write. */
export class BrowserTrafficBlockedError extends HTTPError {
  static override readonly brand: string = 'BrowserTrafficBlockedError';

  declare readonly code: ErrorCodes['BrowserTrafficBlockedError'];

  constructor(options: ErrorDetails<ErrorCodes['BrowserTrafficBlockedError']>) {
    super({ code: 'BROWSER_TRAFFIC_BLOCKED', statusCode: 405, ...options });
  }
}
