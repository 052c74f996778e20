import type { LogTransport } from '@raywire/core';
import { describe, test } from 'vitest';
import { transportBench } from './contract-case.js';
import { contractCases } from './contract-cases.js';
import { ALL_CAPABILITIES, type TransportCapabilities } from './transport-capabilities.js';
import type { TransportServer } from './transport-server.js';

/** What is tested, and how to make it. */
export interface DescribeTransportOptions {
  /** Of the suite, in the report. */
  name: string;
  /** Called for each case; the kit closes both afterwards. */
  setup(): Promise<DescribedTransport> | DescribedTransport;
  /** What this wire or runtime cannot do. Default: everything but `ranges` is expected. */
  capabilities?: Partial<TransportCapabilities>;
}

/** A transport and a server of its wire. */
export interface DescribedTransport {
  transport: LogTransport;
  server: TransportServer;
}

/**
 * Registers a vitest suite that tries every promise of the `LogTransport` contract.
 *
 * @example
 * ```ts
 * import { describeTransport, webSocketServer } from '@raywire/transport-testkit';
 * import { webSocketTransport } from '@raywire/transport-ws'; // yours in its place
 *
 * describeTransport({
 *   name: 'my transport',
 *   setup: async () => ({ transport: webSocketTransport(), server: await webSocketServer() }),
 * });
 * ```
 */
export function describeTransport(options: DescribeTransportOptions): void {
  const capabilities = { ...ALL_CAPABILITIES, ...options.capabilities };
  describe(options.name, () => {
    for (const contractCase of contractCases) {
      const tried = contractCase.needs?.every((capability) => capabilities[capability]) ?? true;
      test.runIf(tried)(contractCase.name, async () => {
        const { transport, server } = await options.setup();
        try {
          await contractCase.run(transportBench(transport, server, capabilities));
        } finally {
          await transport.close?.();
          await server.close();
        }
      });
    }
  });
}
