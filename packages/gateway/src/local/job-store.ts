import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { JobStatus, JobSubmission } from '../contracts/job.js';
import { prepareDatabaseFile } from '../files/own-files.js';
import { SEARCH_BACKFILL, SEARCH_SCHEMA, type Search } from './job-search.js';
import { loadSqlite } from './sqlite.js';

/** The process of a job, told apart from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** `null` where the system does not tell when a process began: then it cannot be found again. */
  startedAt: string | null;
}

/** A job as it is kept. */
export interface JobRecord {
  id: string;
  submission: JobSubmission;
  status: JobStatus;
  message: string | null;
  exitCode: number | null;
  startTime: number;
  endTime: number | null;
  process: ProcessIdentity | null;
  stopRequested: boolean;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS jobs (
    sequence INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    submission TEXT NOT NULL,
    status TEXT NOT NULL,
    message TEXT,
    exit_code INTEGER,
    start_time INTEGER NOT NULL,
    end_time INTEGER,
    pid INTEGER,
    process_started_at TEXT,
    stop_requested INTEGER NOT NULL DEFAULT 0
  ) STRICT;
`;
const SCHEMA_VERSION = 1;

/**
 * What is known of the jobs, in SQLite. The write-ahead log makes every change survive a `kill -9` of the gateway,
 * and the exclusive lock, which goes with the process, keeps a second gateway out of the directory.
 */
export class JobStore {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** A new store has no tables before it could be written. */
  #hasTables: boolean;
  #isWritable = false;

  /**
   * Opens the store for reading.
   * @throws {Error} when the file is not the gateway's own, another gateway uses it, or a newer version wrote it
   */
  constructor(path: string) {
    this.#path = path;
    prepareDatabaseFile(path);
    this.#database = new (loadSqlite().DatabaseSync)(path);
    try {
      this.#execute('PRAGMA locking_mode = EXCLUSIVE');
      const version = this.#version();
      if (version > SCHEMA_VERSION)
        throw new Error(`${path} was written by a newer version of @raywire/gateway`);
      this.#hasTables = version > 0;
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /**
   * Makes sure that changes can be written; to be called before the first one.
   * @throws {Error} when they cannot: the disk is full, or another gateway uses the file
   */
  prepareToWrite(): void {
    if (this.#isWritable) return;
    this.#execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    // The version last, and always: without room for it, there is none for changes.
    const version = `PRAGMA user_version = ${SCHEMA_VERSION}`;
    try {
      this.#execute(`BEGIN IMMEDIATE; ${SCHEMA} ${this.#searchSchema()} ${version}; COMMIT`);
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    this.#hasTables = true;
    this.#isWritable = true;
  }

  /** False when the ID is taken. */
  insert(record: JobRecord): boolean {
    const { changes } = this.#prepare(
      `INSERT INTO jobs (id, submission, status, message, exit_code, start_time, end_time, stop_requested)
       VALUES (?, ?, ?, ?, ?, ?, ?, 0) ON CONFLICT (id) DO NOTHING`,
    ).run(
      record.id,
      JSON.stringify(record.submission),
      record.status,
      record.message,
      record.exitCode,
      record.startTime,
      record.endTime,
    );
    return changes === 1;
  }

  /** Writes all of a job that can change. */
  save(record: JobRecord): void {
    this.#prepare(
      `UPDATE jobs SET status = ?, message = ?, exit_code = ?, end_time = ?, pid = ?, process_started_at = ?,
       stop_requested = ? WHERE id = ?`,
    ).run(
      record.status,
      record.message,
      record.exitCode,
      record.endTime,
      record.process?.pid ?? null,
      record.process?.startedAt ?? null,
      record.stopRequested ? 1 : 0,
      record.id,
    );
  }

  get(id: string): JobRecord | undefined {
    if (!this.#hasTables) return undefined;
    const row = this.#prepare('SELECT * FROM jobs WHERE id = ?').get(id);
    return row === undefined ? undefined : toRecord(row);
  }

  /** The place of the newest job in the order of their submission; 0 without jobs. */
  newest(): number {
    if (!this.#hasTables) return 0;
    const row = this.#prepare('SELECT max(sequence) AS newest FROM jobs').get();
    return (row?.newest as number | null) ?? 0;
  }

  /** Places of jobs. Its statement is not kept: callers make as many as they like. */
  find({ sql, values }: Search): number[] {
    if (!this.#hasTables) return [];
    return this.#database
      .prepare(sql)
      .all(...values)
      .map((row) => row.sequence as number);
  }

  at(place: number): JobRecord | undefined {
    if (!this.#hasTables) return undefined;
    const row = this.#prepare('SELECT * FROM jobs WHERE sequence = ?').get(place);
    return row === undefined ? undefined : toRecord(row);
  }

  listUnfinished(): JobRecord[] {
    if (!this.#hasTables) return [];
    return this.#prepare("SELECT * FROM jobs WHERE status IN ('PENDING', 'RUNNING')").all().map(toRecord);
  }

  delete(id: string): void {
    this.#prepare('DELETE FROM jobs WHERE id = ?').run(id);
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  #searchSchema(): string {
    const isThere = this.#database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'job_metadata'").get();
    return isThere === undefined ? SEARCH_SCHEMA + SEARCH_BACKFILL : SEARCH_SCHEMA;
  }

  #version(): number {
    try {
      return (this.#database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // SQLite has ended the transaction by itself, as it does on a full disk.
    }
  }

  #execute(sql: string): void {
    try {
      this.#database.exec(sql);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    if (!(error instanceof Error) || !error.message.includes('locked')) return error;
    return new Error(`${this.#path} is in use by another gateway`, { cause: error });
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function toRecord(row: Record<string, unknown>): JobRecord {
  const pid = row.pid as number | null;
  return {
    id: row.id as string,
    submission: JSON.parse(row.submission as string) as JobSubmission,
    status: row.status as JobStatus,
    message: row.message as string | null,
    exitCode: row.exit_code as number | null,
    startTime: row.start_time as number,
    endTime: row.end_time as number | null,
    process: pid === null ? null : { pid, startedAt: row.process_started_at as string | null },
    stopRequested: row.stop_requested === 1,
  };
}
