import { expectTypeOf, test } from 'vitest';
import { callback, count, duration, flag, oneOf, required, text } from './option-kinds.js';
import type { OptionTable } from './option-table.js';
import { readOptions } from './read-options.js';

interface Options {
  path: string;
  timeoutMs?: number | undefined;
  mode?: 'error' | 'continue' | undefined;
  lines?: number | undefined;
  onEvent?: ((event: { type: string }) => void) | undefined;
}

const TABLE = {
  path: required(text('a path')),
  timeoutMs: duration(30_000),
  mode: oneOf('error', 'continue'),
  lines: count(),
  onEvent: callback(),
} satisfies OptionTable<Options>;

test('what is read has a type by its table: defaults are there, the rest may be absent', () => {
  const checked = readOptions(TABLE, { path: 'x' }, 'read');
  expectTypeOf(checked.path).toEqualTypeOf<string>();
  expectTypeOf(checked.timeoutMs).toEqualTypeOf<number>();
  expectTypeOf(checked.mode).toEqualTypeOf<'error' | 'continue'>();
  expectTypeOf(checked.lines).toEqualTypeOf<number | undefined>();
  expectTypeOf(checked.onEvent).toEqualTypeOf<((event: { type: string }) => void) | undefined>();
  expectTypeOf<typeof checked>().toExtend<{ timeoutMs: number; lines?: number }>();
});

test('a table that does not fit its interface does not compile', () => {
  const { lines: _, ...short } = TABLE;
  // @ts-expect-error: `lines` is missing.
  short satisfies OptionTable<Options>;
  // @ts-expect-error: `colour` is one too many.
  ({ ...TABLE, colour: flag() }) satisfies OptionTable<Options>;
  // @ts-expect-error: `mode` is of another type.
  ({ ...TABLE, mode: flag() }) satisfies OptionTable<Options>;
  // @ts-expect-error: one value of `mode` is missing.
  ({ ...TABLE, mode: oneOf('error', 'error') }) satisfies OptionTable<Options>;
  // @ts-expect-error: one value of `mode` is too many.
  ({ ...TABLE, mode: oneOf('error', 'continue', 'stop') }) satisfies OptionTable<Options>;
  // @ts-expect-error: `path` is required.
  ({ ...TABLE, path: text('a path') }) satisfies OptionTable<Options>;
  // @ts-expect-error: `lines` is to have a default.
  ({ ...TABLE, lines: count() }) satisfies OptionTable<Options, 'lines'>;
});
