import type { ApiClient } from '@raywire/core';

/** What the mixin adds: public members only, so that it can be named in declarations. */
export interface JobStatistics {
  /** How many jobs are in which status. */
  countJobsByStatus(): Promise<Map<string, number>>;
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript asks exactly this of the constructor of a mixin's base.
type Constructor<T> = new (...args: any[]) => T;

/** Adds `countJobsByStatus` to any client that can send authenticated requests: `BaseClient`, `AgentClient`, … */
export function JobStatisticsMixin<Base extends Constructor<ApiClient>>(
  base: Base,
): Base & Constructor<JobStatistics> {
  return class extends base implements JobStatistics {
    async countJobsByStatus(): Promise<Map<string, number>> {
      const { data } = await this.request<{ status: string }[]>({ path: 'jobs/' });
      const counts = new Map<string, number>();
      for (const { status } of data) counts.set(status, (counts.get(status) ?? 0) + 1);
      return counts;
    }
  };
}
