import type { ListCondition } from '@raywire/ray/internal';

/** How much of a long value is in the index. The rest is compared with the submission itself. */
const INDEXED_CHARACTERS = 64;

/**
 * What makes lists quick: one thin index of what jobs are filtered by, in the order of the list, and the entries of their
 * metadata by job. SQLite keeps both up to date by itself, also for a gateway that knows nothing of them.
 */
export const SEARCH_SCHEMA: string = `
  CREATE TABLE IF NOT EXISTS job_metadata (
    sequence INTEGER NOT NULL,
    key TEXT NOT NULL,
    start TEXT NOT NULL,
    PRIMARY KEY (sequence, key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS jobs_to_list ON jobs (sequence, status, submission ->> '$.entrypoint');
  CREATE TRIGGER IF NOT EXISTS job_metadata_added AFTER INSERT ON jobs BEGIN
    INSERT INTO job_metadata
      SELECT new.sequence, key, substr(value, 1, ${INDEXED_CHARACTERS}) FROM json_each(new.submission, '$.metadata')
      WHERE json_type(new.submission, '$.metadata') = 'object';
  END;
  CREATE TRIGGER IF NOT EXISTS job_metadata_removed AFTER DELETE ON jobs BEGIN
    DELETE FROM job_metadata WHERE sequence = old.sequence;
  END;
`;

/** For jobs of a store that had no `job_metadata`. */
export const SEARCH_BACKFILL: string = `
  INSERT INTO job_metadata
    SELECT sequence, key, substr(value, 1, ${INDEXED_CHARACTERS}) FROM jobs, json_each(submission, '$.metadata')
    WHERE json_type(submission, '$.metadata') = 'object';
`;

/** A statement, and the values of its parameters. */
export interface Search {
  sql: string;
  values: (string | number)[];
}

/**
 * The search for the sequences of jobs from `from` on and below `below`, the newest first.
 *
 * @param statuses by job ID, those that the store has refused so far
 */
export function searchJobs(
  conditions: readonly ListCondition[],
  range: { from: number; below: number },
  statuses: Readonly<Record<string, string>>,
): Search {
  const terms = ['sequence >= ?', 'sequence < ?'];
  const values: (string | number)[] = [range.from, range.below];
  for (const condition of conditions) {
    const term = termOf(condition, statuses);
    terms.push(term.sql);
    values.push(...term.values);
  }
  return {
    sql: `SELECT sequence FROM jobs INDEXED BY jobs_to_list WHERE ${terms.join(' AND ')} ORDER BY sequence DESC`,
    values,
  };
}

function termOf(condition: ListCondition, statuses: Readonly<Record<string, string>>): Search {
  if ('anyOf' in condition) {
    const wanted = JSON.stringify(condition.anyOf);
    const isAnyOf = 'IN (SELECT value FROM json_each(?))';
    if (Object.keys(statuses).length === 0) return { sql: `status ${isAnyOf}`, values: [wanted] };
    const status = `coalesce(json_extract(?, '$."' || id || '"'), status)`;
    return { sql: `${status} ${isAnyOf}`, values: [JSON.stringify(statuses), wanted] };
  }
  if ('part' in condition)
    return { sql: "instr(submission ->> '$.entrypoint', ?) > 0", values: [condition.part] };
  const { key, value } = condition;
  const entry = 'SELECT 1 FROM job_metadata WHERE sequence = jobs.sequence AND key = ?';
  if (value === true) return { sql: `EXISTS (${entry})`, values: [key] };
  const indexed = `EXISTS (${entry} AND start = substr(?, 1, ${INDEXED_CHARACTERS}))`;
  // Characters are no more than UTF-16 units: all of it is indexed.
  if (value.length <= INDEXED_CHARACTERS) return { sql: indexed, values: [key, value] };
  const whole = "EXISTS (SELECT 1 FROM json_each(submission, '$.metadata') WHERE key = ? AND value = ?)";
  return { sql: `${indexed} AND ${whole}`, values: [key, value, key, value] };
}
