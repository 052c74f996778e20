import { freePorts, type GatewayProcess, spawnGateway } from '@raywire/testing';

/** What the programs are told. */
export interface ScenarioConfig {
  baseURL: string;
  agentToken: string;
  /** Where nothing listens. */
  refusedURL: string;
}

/** A gateway with the local driver, and what the programs are told of it. */
export interface ScenarioGateway {
  config: ScenarioConfig;
  close(): Promise<void>;
}

/** Starts one. @param corsOrigins the pages that may call it */
export async function openScenario(corsOrigins: readonly string[] = []): Promise<ScenarioGateway> {
  const agentToken = crypto.randomUUID();
  const gateway: GatewayProcess = await spawnGateway({ token: agentToken, corsOrigins });
  const refusedURL = `http://127.0.0.1:${await freePorts(1)}`;
  return { config: { baseURL: gateway.url, agentToken, refusedURL }, close: () => gateway.close() };
}

const whole = (transport: string) => ({
  lines: 1_000,
  last: 'line 1000',
  reason: 'complete',
  transport,
  jobStatus: 'SUCCEEDED',
});

/** What the scenario comes to in every build. */
export const EXPECTED = {
  listed: true,
  websocket: whole('websocket'),
  http: whole('http'),
  missing: { name: 'NotFoundError', code: 'NOT_FOUND' },
  refused: { name: 'ClientConnectionError', code: 'CONNECTION_FAILED' },
};
