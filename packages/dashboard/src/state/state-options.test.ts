import { describe, expect, it } from 'vitest';
import { checkStateOptions, type StateListOptions, stateQuery } from './state-options.js';

describe('the options of a list', () => {
  it('become the query of the State API, a filter twice on one column too', () => {
    const filters = [
      ['state', '!=', 'FINISHED'],
      ['state', '!=', 'FAILED'],
      ['pid', '=', 7],
    ] as const;
    const query = new URLSearchParams(
      stateQuery(checkStateOptions({ filters, limit: 5, detail: true }, 'listTasks')),
    );
    expect(query.getAll('filter_keys')).toEqual(['state', 'state', 'pid']);
    expect(query.getAll('filter_predicates')).toEqual(['!=', '!=', '=']);
    expect(query.getAll('filter_values')).toEqual(['FINISHED', 'FAILED', '7']);
    expect([query.get('limit'), query.get('detail')]).toEqual(['5', '1']);
  });

  it('may be an object of equalities', () => {
    expect(checkStateOptions({ filters: { state: 'RUNNING' } }, 'listTasks').filters).toEqual([
      ['state', '=', 'RUNNING'],
    ]);
  });

  it.each([
    [{ limit: 10_001 }, /limit must be/],
    [{ limit: 0 }, /limit must be/],
    [{ detail: 1 }, /detail must be/],
    [{ filters: 'state=RUNNING' }, /filters must be/],
    [{ filters: [['state', '~', 'x']] }, /filters must be/],
    [{ timeout: 30 }, /timeoutMs: 30000/],
    [{ filter: {} }, /has no option "filter": did you mean filters\?/],
  ])('%j is refused before anything is sent', (options, message) => {
    expect(() => checkStateOptions(options as unknown as StateListOptions, 'listTasks')).toThrow(message);
  });
});
