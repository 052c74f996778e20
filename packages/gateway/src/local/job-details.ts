import type { JobDetails } from '../contracts/job.js';
import type { JobRecord } from './job-store.js';

/** A job as it is shown. */
export function jobDetails(record: JobRecord, nodeId: string): JobDetails {
  const { submission } = record;
  const { entrypoint, metadata = {}, runtime_env = {}, submission_id: _given, ...resources } = submission;
  return {
    ...resources,
    type: 'SUBMISSION',
    job_id: record.id,
    submission_id: record.id,
    status: record.status,
    entrypoint,
    message: record.message,
    error_type: null,
    start_time: record.startTime,
    end_time: record.endTime,
    metadata,
    runtime_env,
    driver_exit_code: record.exitCode,
    driver_node_id: nodeId,
    driver_agent_http_address: null,
  };
}
