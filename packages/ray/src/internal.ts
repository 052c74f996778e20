// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { checkLocalFiles, packLocalFiles } from '#local-files';
export { Utf8 } from '#utf8';
export { AGENT_OPTIONS } from './agent/agent-backend.js';
export { checkCallOptions } from './call-options.js';
export { collectLog } from './collect-log.js';
export { RollingHash } from './lines/rolling-hash.js';
export { conditionsOf, type ListCondition, type ListFilters, meetsAll } from './lists/list-conditions.js';
export { type CursorList, decodeListCursor, encodeListCursor } from './lists/list-cursor.js';
export {
  LIST_JOBS_OPTIONS,
  LIST_NODES_OPTIONS,
  LIST_SERVE_APPLICATIONS_OPTIONS,
  LIST_TASKS_OPTIONS,
  PAGE_OPTIONS,
} from './lists/list-options.js';
export { JOB_ORDER, NODE_ORDER, SERVE_APPLICATION_ORDER, TASK_ORDER } from './lists/list-orders.js';
export type { LocalFiles } from './local-files/local-package.js';
export { uploadPackage } from './local-files/upload-package.js';
export { FACADE_OPTIONS, RAY_CLIENT_OPTIONS } from './ray-client-options.js';
export { withJobId } from './resources/job.js';
export {
  makeSubmissionId,
  type PreparedSubmission,
  prepareSubmission,
  SUBMIT_OPTIONS,
  sendSubmission,
} from './resources/job-submission.js';
export { stoppedJob } from './resources/stopped-job.js';
export { lookAt, withoutApiPath } from './server-look.js';
export { ByteDecoder, toBytes } from './source/byte-decoder.js';
export { connectWithCredentials } from './source/connect-with-credentials.js';
export { jobStateOf } from './source/job-state.js';
export { JobWatch } from './source/job-watch.js';
export { LastLineStarts, startOfLastLines } from './source/last-line-starts.js';
export { LineCutter } from './source/line-cutter.js';
export { lineStarts } from './source/line-starts.js';
export { logBodyText } from './source/log-body-text.js';
export { presentEnd } from './source/log-source.js';
export { isUnframed, UnframedEnd } from './source/unframed-end.js';
export { TAIL_OPTIONS } from './tail/tail-options.js';
export { tokenSource } from './token.js';
export { PATIENCE_OPTIONS } from './wait-for-job.js';
