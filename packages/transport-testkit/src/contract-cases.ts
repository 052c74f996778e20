import { abortCases } from './cases/abort-cases.js';
import { backpressureCases } from './cases/backpressure-cases.js';
import { endCases } from './cases/end-cases.js';
import { frameCases } from './cases/frame-cases.js';
import { heartbeatCases } from './cases/heartbeat-cases.js';
import { openCases } from './cases/open-cases.js';
import { refusalCases } from './cases/refusal-cases.js';
import { resourceCases } from './cases/resource-cases.js';
import type { ContractCase } from './contract-case.js';

/** Every promise of the contract. */
export const contractCases: readonly ContractCase[] = [
  ...openCases,
  ...refusalCases,
  ...frameCases,
  ...backpressureCases,
  ...endCases,
  ...abortCases,
  ...heartbeatCases,
  ...resourceCases,
];
