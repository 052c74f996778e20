import { expect, expectTypeOf, test } from 'vitest';
import type { DashboardClient } from '../dashboard-client.js';
import type { StatePageOptions } from './page-options.js';
import type { StateColumns } from './state-columns.js';
import type { StateFilter, StateListOptions } from './state-options.js';
import type { Actor, ObjectReference, PlacementGroup, Worker } from './state-rows.js';

type OptionsOf<Name extends keyof DashboardClient> = Parameters<
  Extract<DashboardClient[Name], (...given: never[]) => unknown>
>[0];

test('each list knows the columns that Ray filters by', () => {
  expectTypeOf<NonNullable<OptionsOf<'listJobs'>>['filters']>().toEqualTypeOf<
    StateListOptions<StateColumns['jobs']>['filters']
  >();
  expectTypeOf<NonNullable<OptionsOf<'listNodes'>>['filters']>().toEqualTypeOf<
    StateListOptions<StateColumns['nodes']>['filters']
  >();
  expectTypeOf<NonNullable<OptionsOf<'listTasks'>>['filters']>().toEqualTypeOf<
    StateListOptions<StateColumns['tasks']>['filters']
  >();
  expectTypeOf<OptionsOf<'listActors'>>().toEqualTypeOf<
    StatePageOptions<StateColumns['actors']> | undefined
  >();
  expectTypeOf<OptionsOf<'listWorkers'>>().toEqualTypeOf<
    StatePageOptions<StateColumns['workers']> | undefined
  >();
  expectTypeOf<OptionsOf<'listObjects'>>().toEqualTypeOf<
    StateListOptions<StateColumns['objects']> | undefined
  >();
  expectTypeOf<OptionsOf<'listPlacementGroups'>>().toEqualTypeOf<
    StatePageOptions<StateColumns['placement_groups']> | undefined
  >();
  expectTypeOf<NonNullable<OptionsOf<'tasks'>>['filters']>().toEqualTypeOf<
    StateListOptions<StateColumns['tasks']>['filters']
  >();
});

test('a filter is a known or another column, a predicate of Ray and a value', () => {
  const filters: StateFilter<StateColumns['nodes']>[] = [
    ['is_head_node', '=', true],
    ['of_a_newer_ray', '!=', 1],
    // @ts-expect-error: Ray has = and != alone
    ['state', '>', 'ALIVE'],
    // @ts-expect-error: not a value that a column can have
    ['state', '=', null],
  ];
  const equalities: StateListOptions<StateColumns['nodes']>['filters'][] = [
    { state: 'ALIVE', of_a_newer_ray: 1 },
    // @ts-expect-error: not a value that a column can have
    { state: ['ALIVE'] },
  ];
  expect([filters.length, equalities.length]).toEqual([4, 2]);
  expectTypeOf<StateFilter<StateColumns['nodes']>[0]>().toEqualTypeOf<
    StateColumns['nodes'] | (string & {})
  >();
});

test('rows know their fields, and a misspelt one does not compile', () => {
  const read = (actor: Actor, worker: Worker, group: PlacementGroup, object: ObjectReference): unknown[] => [
    // @ts-expect-error: misspelt
    actor.stat,
    // @ts-expect-error: misspelt
    worker.alive,
    // @ts-expect-error: misspelt
    group.job_id,
    // @ts-expect-error: misspelt
    object.size,
  ];
  expect(read).toBeTypeOf('function');
  expectTypeOf<Exclude<StateColumns['actors'], keyof Actor>>().toBeNever();
  expectTypeOf<Exclude<StateColumns['workers'], keyof Worker>>().toBeNever();
  expectTypeOf<Exclude<StateColumns['placement_groups'], keyof PlacementGroup>>().toBeNever();
  expectTypeOf<Exclude<StateColumns['objects'], keyof ObjectReference>>().toBeNever();
  expectTypeOf<Actor['state']>().not.toEqualTypeOf<string | undefined>();
});
