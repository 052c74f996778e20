import { ClientError } from '@raywire/agent';

export async function read(tail) {
  const lines = [];
  for await (const line of tail) lines.push(line);
  return lines;
}

export function inOrder(lines) {
  return {
    lines: lines.length,
    ordered: lines.every((line, index) => Number(line.slice(5, 12)) === index + 1),
  };
}

export function endOf({ reason, jobStatus, exitCode, reconnects, transport }) {
  return { reason, jobStatus, exitCode, reconnects, transport };
}

export async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return plain(error);
  }
  return 'no error';
}

export function thrownBy(call) {
  try {
    call();
  } catch (error) {
    return plain(error);
  }
  return 'no error';
}

function plain(error) {
  if (!ClientError.isInstance(error)) throw error;
  return { statusCode: error.statusCode, name: error.name, code: error.code };
}
