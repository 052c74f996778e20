import type { ErrorDetails } from './error-details.js';
import { HTTPError } from './http-error.js';

/** 404: no such job, node, task, application or route. */
export class NotFoundError extends HTTPError {
  static override readonly brand: string = 'NotFoundError';

  declare readonly code: 'NOT_FOUND' | 'NO_DRIVER_LOG' | 'NO_TASK_LOG';

  constructor(options: ErrorDetails<NotFoundError['code']>) {
    super({ code: 'NOT_FOUND', statusCode: 404, ...options });
  }
}
