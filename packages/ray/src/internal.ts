// For the other Raywire packages alone: nothing here is promised to stay as it is.

export { checkCallOptions, withCallOptions } from './call-options.js';
export {
  type JobSubmissionBody,
  jobSubmissionBody,
  makeSubmissionId,
  SUBMIT_OPTIONS,
} from './resources/job-submission.js';
export { ByteDecoder } from './source/byte-decoder.js';
export { connectWithCredentials } from './source/connect-with-credentials.js';
export { jobStateOf } from './source/job-state.js';
export { LineCutter } from './source/line-cutter.js';
export { isUnframed, UnframedEnd } from './source/unframed-end.js';
export { type TailLogRequest, tailLog } from './tail/tail-log.js';
export { checkPatience } from './wait-for-job.js';
