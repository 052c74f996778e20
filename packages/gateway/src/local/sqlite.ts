// Not imported: where there is no `node:sqlite` the import of the whole package would fail without a reason.
/** @throws {Error} on a Node that has no SQLite, saying which has */
export function loadSqlite(): typeof import('node:sqlite') {
  const sqlite = process.getBuiltinModule('node:sqlite') as typeof import('node:sqlite') | undefined;
  if (sqlite !== undefined) return sqlite;
  throw new Error(
    `@raywire/gateway needs Node 22.13 or later, for node:sqlite; this is Node ${process.versions.node}`,
  );
}
