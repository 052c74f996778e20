// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { checkCallOptions, withCallOptions } from './call-options.js';
export { jobStateOf } from './job-state.js';
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
export { isUnframed, UnframedEnd } from './unframed-end.js';
export { checkPatience } from './wait-for-job.js';
