import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 405: Ray took the caller for a browser and refused the write. */
export class BrowserTrafficBlockedError extends HTTPError {
  static override readonly brand: string = 'BrowserTrafficBlockedError';

  declare readonly code: 'BROWSER_TRAFFIC_BLOCKED';

  constructor(options: ErrorDetails<BrowserTrafficBlockedError['code']>) {
    super({ code: 'BROWSER_TRAFFIC_BLOCKED', statusCode: 405, ...options });
  }
}
