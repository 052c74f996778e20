export { type Collected, collect } from './collect.ts';
export { type CutKind, type FaultProxy, startFaultProxy, type Treatment } from './fault-proxy.ts';
export { freePorts } from './free-ports.ts';
export { LogFolder, type Rotation } from './log-folder.ts';
export { type DashboardSource, dashboardLogOf } from './log-request-watch.ts';
export { type LoopbackServer, startHttpServer, startTcpServer } from './loopback-server.ts';
export { pythonJson } from './python-json.ts';
export { beginRange, jobDetails } from './ray-answers.ts';
export { type RayHeadOptions, startRayHead } from './ray-head.ts';
export { rejectionOf } from './rejection-of.ts';
export {
  type AgentScript,
  type LogCall,
  type ScriptedAgent,
  sendLines,
  startScriptedAgent,
  writeLines,
} from './scripted-agent.ts';
export { sendJson } from './send-json.ts';
export { type GatewayProcess, spawnGateway } from './spawn-gateway.ts';
export { type Answer, startServer, type TestServer } from './start-server.ts';
export { type TestCertificates, testCertificates } from './test-certificates.ts';
export { throughJson } from './through-json.ts';
