import { ServerError } from '@raywire/core';
import type { ListCondition } from '@raywire/ray/internal';
import { isDiskFull } from '../files/disk-full.js';
import { searchJobs } from './job-search.js';
import type { JobRecord, JobStore } from './job-store.js';

/** How often a store that has refused a change is tried again. */
const TRY_AGAIN_MS = 1_000;

/**
 * The jobs as they are: what is in the store and, over it, the changes that the store has refused because the disk is
 * full. Those are told to the owner, and written as soon as there is room: nobody is shown a job that has ended as
 * running, and no job is lost because its state cannot be written.
 */
export class JobRecords {
  readonly #openStore: () => JobStore;
  readonly #onError: (error: unknown) => void;
  readonly #unwritten = new Map<string, JobRecord>();
  /** Not there: the disk is too full to make one, so that there are no jobs either. */
  #store: JobStore | undefined;
  #timer: NodeJS.Timeout | undefined;

  /**
   * On a full disk, too, there are records: they can be read, and written as soon as there is room.
   * @throws {Error} when the store cannot be opened for another reason
   */
  constructor(openStore: () => JobStore, onError: (error: unknown) => void) {
    this.#openStore = openStore;
    this.#onError = onError;
    try {
      this.#writable();
    } catch (error) {
      if (!isDiskFull(error)) {
        this.#store?.close();
        throw error;
      }
      this.#tryAgain(error);
    }
  }

  /**
   * False when the ID is taken.
   * @throws {ServerError} 503, when the store cannot be written
   */
  insert(record: JobRecord): boolean {
    return this.#written('The job was not started', () => this.#writable().insert(record));
  }

  /** Never fails: what the store does not take now is kept, and told. */
  change(id: string, changes: Partial<Omit<JobRecord, 'id' | 'submission' | 'startTime'>>): void {
    const record = this.get(id);
    if (record === undefined) return;
    this.#unwritten.set(id, { ...record, ...changes });
    const failure = this.#writeAll();
    if (failure !== undefined && this.#timer === undefined) this.#tryAgain(failure.error);
  }

  get(id: string): JobRecord | undefined {
    return this.#unwritten.get(id) ?? this.#store?.get(id);
  }

  /** The place of the newest job in the order of their submission; 0 without jobs. */
  newest(): number {
    return this.#store?.newest() ?? 0;
  }

  /** The places of jobs from `from` on and below `below` that meet the conditions, the newest first. */
  find(conditions: readonly ListCondition[], range: { from: number; below: number }): number[] {
    const statuses = Object.fromEntries([...this.#unwritten].map(([id, { status }]) => [id, status]));
    return this.#store?.find(searchJobs(conditions, range, statuses)) ?? [];
  }

  /** The job at a place; `undefined` once it was deleted. */
  at(place: number): JobRecord | undefined {
    const record = this.#store?.at(place);
    return record && (this.#unwritten.get(record.id) ?? record);
  }

  listUnfinished(): JobRecord[] {
    return this.#withUnwritten(this.#store?.listUnfinished());
  }

  /** @throws {ServerError} 503, when the store cannot be written */
  delete(id: string): void {
    this.#written('The job is not deleted', () => this.#writable().delete(id));
    this.#unwritten.delete(id);
  }

  /** @throws {ServerError} 503, when changes are lost because the store could not be written until now */
  close(): void {
    const failure = this.#writeAll();
    clearInterval(this.#timer);
    this.#store?.close();
    if (failure === undefined || this.#unwritten.size === 0) return;
    const ids = [...this.#unwritten.keys()].join(', ');
    throw unwritable(`What became of these jobs is not stored: ${ids}`, failure.error);
  }

  /** @throws {Error} when the store cannot be written */
  #writable(): JobStore {
    this.#store ??= this.#openStore();
    this.#store.prepareToWrite();
    return this.#store;
  }

  #tryAgain(error: unknown): void {
    this.#onError(error);
    this.#timer = setInterval(() => this.#writeAll(), TRY_AGAIN_MS);
    this.#timer.unref();
  }

  #withUnwritten(stored: JobRecord[] = []): JobRecord[] {
    return stored.map((record) => this.#unwritten.get(record.id) ?? record);
  }

  #writeAll(): { error: unknown } | undefined {
    try {
      const store = this.#writable();
      for (const record of this.#unwritten.values()) {
        store.save(record);
        this.#unwritten.delete(record.id);
      }
    } catch (error) {
      return { error };
    }
    clearInterval(this.#timer);
    this.#timer = undefined;
    return undefined;
  }

  #written<T>(consequence: string, write: () => T): T {
    try {
      return write();
    } catch (error) {
      throw unwritable(consequence, error);
    }
  }
}

function unwritable(consequence: string, error: unknown): ServerError {
  const message = `${consequence}: the job store of the gateway cannot be written (${(error as Error).message})`;
  return new ServerError({ statusCode: 503, message, cause: error });
}
