import { expect, expectTypeOf, test } from 'vitest';
import type { Gpu, GpuStatus, RayVersion } from './cluster-status.js';

test('the status of the cluster knows its fields, and a misspelt one does not compile', () => {
  const read = (version: RayVersion, status: GpuStatus, gpu: Gpu): unknown[] => [
    // @ts-expect-error: misspelt
    version.commit,
    // @ts-expect-error: misspelt
    status.total_gpu,
    // @ts-expect-error: misspelt
    gpu.memory_used,
  ];
  expect(read).toBeTypeOf('function');
  expectTypeOf<GpuStatus['gpus'][number]>().toExtend<Gpu>();
});
