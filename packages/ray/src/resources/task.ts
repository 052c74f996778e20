/** States of a task; `NIL`: Ray has none of it. */
export type TaskState =
  | 'NIL'
  | 'PENDING_ARGS_AVAIL'
  | 'PENDING_NODE_ASSIGNMENT'
  | 'PENDING_OBJ_STORE_MEM_AVAIL'
  | 'PENDING_ARGS_FETCH'
  | 'SUBMITTED_TO_WORKER'
  | 'PENDING_ACTOR_TASK_ARGS_FETCH'
  | 'PENDING_ACTOR_TASK_ORDERING_OR_CONCURRENCY'
  | 'GETTING_AND_PINNING_ARGS'
  | 'RUNNING'
  | 'RUNNING_IN_RAY_GET'
  | 'RUNNING_IN_RAY_WAIT'
  | 'FINISHED'
  | 'FAILED'
  | (string & {});

/**
 * One attempt of a task, with the server's own field names; `fieldOf` reads the fields that are not here. Times are
 * milliseconds since 1970. From `language` on, the fields come with `detail` alone.
 */
export interface Task {
  task_id: string;
  /** 0 for the first attempt. */
  attempt_number?: number;
  /** The `name` that the task was given, else that of its function. */
  name?: string;
  state?: TaskState;
  job_id?: string | null;
  actor_id?: string | null;
  type?: 'NORMAL_TASK' | 'ACTOR_CREATION_TASK' | 'ACTOR_TASK' | 'DRIVER_TASK' | (string & {});
  /** The function, or for `ACTOR_CREATION_TASK` the class. */
  func_or_class_name?: string;
  parent_task_id?: string | null;
  /** `null` while no node has been chosen; after a retry it may still be the last attempt's. */
  node_id?: string | null;
  worker_id?: string | null;
  worker_pid?: number | null;
  /** Ray's name of the failure, for example `TASK_EXECUTION_EXCEPTION`. */
  error_type?: string | null;
  language?: 'PYTHON' | 'JAVA' | 'CPP' | (string & {}) | null;
  /** As in `Node.resources_total`. */
  required_resources?: Record<string, number> | null;
  /** Ray's description of its runtime environment, with the environment as JSON text. */
  runtime_env_info?: Record<string, unknown> | null;
  placement_group_id?: string | null;
  /** The time at which it entered each of its states. */
  events?: { state: TaskState; created_ms: number }[] | null;
  /** Measurements of Ray's profiler. */
  profiling_data?: Record<string, unknown> | null;
  creation_time_ms?: number | null;
  start_time_ms?: number | null;
  end_time_ms?: number | null;
  /** `null` for a task of an asynchronous or threaded actor. */
  task_log_info?: TaskLogInfo | null;
  error_message?: string | null;
  is_debugger_paused?: boolean | null;
  /** The line that called it, if Ray records call sites; not in Ray 2.40. */
  call_site?: string | null;
  /** Labels that its node must have; not in Ray 2.40. */
  label_selector?: Record<string, string> | null;
  /** Alternatives when no node has these labels; not in Ray 2.40. */
  fallback_strategy?: Record<string, unknown> | null;
}

/** Which part of its worker's log files is a task's. */
export interface TaskLogInfo {
  /** On the node. */
  stdout_file?: string;
  /** Bytes. */
  stdout_start?: number;
  /** Bytes; absent while the task runs. */
  stdout_end?: number;
  /** On the node. */
  stderr_file?: string;
  /** Bytes. */
  stderr_start?: number;
  /** Bytes; absent while the task runs. */
  stderr_end?: number;
}
