/** Of SQLite: "database or disk is full". */
const SQLITE_FULL = 13;

/** Whether something failed only because there is no room: a disk or a quota that is used up. */
export function isDiskFull(error: unknown): boolean {
  const { code, errcode } = error as { code?: unknown; errcode?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || errcode === SQLITE_FULL;
}
