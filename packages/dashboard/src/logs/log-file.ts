import type { JobState, LogSourceRequest } from '@raywire/ray';

/** A log file of a node, or a part of one. */
export interface LogFile {
  nodeId: string;
  /** Relative to the node's folder of logs. */
  filename: string;
  /** The node's agent, as the cluster knows it: `http://10.0.0.7:52365`. */
  agentAddress: string | undefined;
  /** Where in the file the log begins; 0 where the whole file is the log. */
  start: number;
  /** Where in the file the log ends, exclusive; `undefined`: at the file's end. */
  end: number | undefined;
}

/** Where a log is, and how its writer was just before. */
export interface FoundLog {
  /** `undefined` when the writer has ended without ever having a log. */
  file: LogFile | undefined;
  state: JobState;
}

/** Finds the file of a log, waiting until its writer has started. */
export type LogFinder = (request: LogSourceRequest) => Promise<FoundLog>;
