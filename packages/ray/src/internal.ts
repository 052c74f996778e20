// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { AGENT_OPTIONS } from './agent/agent-backend.js';
export { checkCallOptions } from './call-options.js';
export { jobStateOf } from './job-state.js';
export { FACADE_OPTIONS, RAY_CLIENT_OPTIONS, RUN_OPTIONS } from './ray-client-options.js';
export {
  type JobSubmissionBody,
  jobSubmissionBody,
  makeSubmissionId,
  SUBMIT_OPTIONS,
} from './resources/job-submission.js';
export { ByteDecoder } from './tail/byte-decoder.js';
export { connectWithCredentials } from './tail/connect-with-credentials.js';
export { LineCutter } from './tail/line-cutter.js';
export { type TailLogRequest, tailLog } from './tail/tail-log.js';
export { TAIL_OPTIONS } from './tail/tail-options.js';
export { tokenSource } from './token.js';
export { isUnframed, UnframedEnd } from './unframed-end.js';
export { PATIENCE_OPTIONS } from './wait-for-job.js';
