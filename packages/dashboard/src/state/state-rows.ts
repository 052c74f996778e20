/** An actor, with the server's own field names; unknown fields are passed through. */
export interface Actor {
  actor_id: string;
  class_name?: string;
  /** `DEPENDENCIES_UNREADY`, `PENDING_CREATION`, `ALIVE`, `RESTARTING` or `DEAD`. */
  state?: string;
  job_id?: string | null;
  name?: string | null;
  node_id?: string | null;
  pid?: number | null;
  [field: string]: unknown;
}

/** A worker process, with the server's own field names; unknown fields are passed through. */
export interface Worker {
  worker_id: string;
  is_alive?: boolean;
  /** `WORKER`, `DRIVER` … */
  worker_type?: string;
  node_id?: string | null;
  pid?: number | null;
  [field: string]: unknown;
}

/** A placement group, with the server's own field names; unknown fields are passed through. */
export interface PlacementGroup {
  placement_group_id: string;
  name?: string;
  state?: string;
  [field: string]: unknown;
}

/** A reference to an object, with the server's own field names; unknown fields are passed through. */
export interface ObjectReference {
  object_id: string;
  /** Bytes; -1 where Ray does not know. */
  object_size?: number;
  reference_type?: string;
  [field: string]: unknown;
}
