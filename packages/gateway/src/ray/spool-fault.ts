import { ClientError, ServerError } from '@raywire/core';

/** For the owner of the gateway: why a log is not kept on disk. */
export function spoolFault(fault: Error): ServerError {
  return new ServerError({
    statusCode: 507,
    message: `The log could not be spooled: ${fault.message}. Its readers are served from the cluster.`,
    cause: fault,
  });
}

/** For a reader: the byte is neither on disk nor on the cluster. Paths of the gateway's disk stay inside. */
export function notSpooled(fault: Error, position: number, error: unknown): ServerError {
  const reason = ClientError.isInstance(error) ? error.message : 'The read failed.';
  return new ServerError({
    statusCode: 507,
    message: `Byte ${position} of the log could not be spooled (${nameOf(fault)}) nor read from the cluster again. ${reason}`,
    cause: error,
  });
}

function nameOf(fault: Error): string {
  const { code = 'the spool is damaged' } = fault as NodeJS.ErrnoException;
  return code === 'ENOSPC' || code === 'EDQUOT' ? "the gateway's disk is full" : code;
}
