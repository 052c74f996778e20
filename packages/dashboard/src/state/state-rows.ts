import type { TaskState } from '@raywire/ray';

/** States of an actor. */
export type ActorState =
  | 'DEPENDENCIES_UNREADY'
  | 'PENDING_CREATION'
  | 'ALIVE'
  | 'RESTARTING'
  | 'DEAD'
  | (string & {});

/** The kind of a worker process. */
type WorkerType = 'WORKER' | 'DRIVER' | 'SPILL_WORKER' | 'RESTORE_WORKER' | (string & {});

/**
 * An actor, with the server's own field names; `fieldOf` reads the fields that are not here. From `serialized_runtime_env`
 * on, the fields come with `detail` alone.
 */
export interface Actor {
  actor_id: string;
  class_name?: string;
  state?: ActorState;
  job_id?: string | null;
  /** Empty unless it was given one. */
  name?: string | null;
  /** During a restart, still that of its last process. */
  node_id?: string | null;
  /** 0 while it is not created. */
  pid?: number | null;
  ray_namespace?: string | null;
  /** JSON text. */
  serialized_runtime_env?: string | null;
  /** `CPU`, `GPU` and custom ones in pieces, `memory` in bytes. */
  required_resources?: Record<string, number> | null;
  /** The cause of its death, in Ray's own form; `null` while it lives. */
  death_cause?: Record<string, unknown> | null;
  /** It lives on after the job that created it. */
  is_detached?: boolean | null;
  placement_group_id?: string | null;
  /** The result of its `__repr__`; empty without one. */
  repr_name?: string | null;
  num_restarts?: number;
  num_restarts_due_to_lineage_reconstruction?: number;
  /** Not in Ray 2.40, like all fields below. */
  num_restarts_due_to_node_preemption?: number;
  /** The line that created it, if Ray records call sites. */
  call_site?: string | null;
  /** Labels that its node must have. */
  label_selector?: Record<string, string> | null;
  /** Alternatives when no node has these labels. */
  fallback_strategy?: Record<string, unknown> | null;
}

/**
 * A worker process, with the server's own field names; `fieldOf` reads the fields that are not here. Times are milliseconds
 * since 1970. From `exit_detail` on, the fields come with `detail` alone.
 */
export interface Worker {
  worker_id: string;
  is_alive?: boolean;
  worker_type?: WorkerType;
  /** `null` while it lives. */
  exit_type?:
    | 'SYSTEM_ERROR'
    | 'INTENDED_SYSTEM_EXIT'
    | 'USER_ERROR'
    | 'INTENDED_USER_EXIT'
    | 'NODE_OUT_OF_MEMORY'
    | (string & {})
    | null;
  node_id?: string | null;
  ip?: string | null;
  pid?: number | null;
  exit_detail?: string | null;
  /** When its process was requested; -1 where Ray does not know. */
  worker_launch_time_ms?: number | null;
  /** When its process was there; -1 where Ray does not know. */
  worker_launched_time_ms?: number | null;
  /** When it was ready; 0 where Ray does not know. */
  start_time_ms?: number | null;
  /** 0 while it lives. */
  end_time_ms?: number | null;
  debugger_port?: number | null;
  /** Threads that the debugger has paused. */
  num_paused_threads?: number | null;
}

/**
 * A placement group, with the server's own field names; `fieldOf` reads the fields that are not here. From `bundles` on,
 * the fields come with `detail` alone.
 */
export interface PlacementGroup {
  placement_group_id: string;
  /** Empty unless it was given one. */
  name?: string;
  creator_job_id?: string;
  state?: 'PENDING' | 'PREPARED' | 'CREATED' | 'REMOVED' | 'RESCHEDULING' | (string & {});
  /** The resources that are reserved together, in Ray's own form. */
  bundles?: Record<string, unknown>[] | null;
  /** It lives on after the job that created it. */
  is_detached?: boolean | null;
  /** Statistics of its scheduling, in Ray's own form. */
  stats?: Record<string, unknown> | null;
  /** By label key, the strategy of its placement; not in Ray 2.40. */
  topology_strategy?: Record<string, string> | null;
  /** By label key, the chosen value; not in Ray 2.40. */
  topology_assignments?: Record<string, string> | null;
}

/** A reference to an object, with the server's own field names; `fieldOf` reads the fields that are not here. */
export interface ObjectReference {
  object_id: string;
  /** Bytes; -1 where Ray does not know. */
  object_size?: number;
  /** The state of the task that makes it. */
  task_status?: TaskState;
  /** How many times that task was started. */
  attempt_number?: number;
  reference_type?:
    | 'ACTOR_HANDLE'
    | 'PINNED_IN_MEMORY'
    | 'LOCAL_REFERENCE'
    | 'USED_BY_PENDING_TASK'
    | 'CAPTURED_IN_OBJECT'
    | 'UNKNOWN_STATUS'
    | (string & {});
  /** The line that made it, if Ray records call sites. */
  call_site?: string;
  /** The kind of the process that owns it. */
  type?: WorkerType;
  /** Of that process. */
  pid?: number;
  /** Of that process. */
  ip?: string;
}
