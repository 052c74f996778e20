/** States of a Ray Serve application. */
export type ServeApplicationStatus =
  | 'NOT_STARTED'
  | 'DEPLOYING'
  | 'DEPLOY_FAILED'
  | 'RUNNING'
  | 'UNHEALTHY'
  | 'DELETING'
  | (string & {});

/** A Ray Serve application, with the server's own field names; `fieldOf` reads the fields that are not here. */
export interface ServeApplication {
  name: string;
  status?: ServeApplicationStatus;
  /** More about `status`. */
  message?: string;
  /** `null` while it is deployed for the first time, and where it is not served by HTTP. */
  route_prefix?: string | null;
  /** Where it serves its own documentation. */
  docs_path?: string | null;
  /** Seconds since 1970. */
  last_deployed_time_s?: number;
  /** Its configuration as it was declared, in Ray's own form; `null` for an imperative one. */
  deployed_app_config?: Record<string, unknown> | null;
  /** `declarative`: by a configuration; `imperative`: by `serve.run`. */
  source?: 'declarative' | 'imperative' | 'unknown' | (string & {});
  /** By name. */
  deployments?: Record<string, ServeDeployment>;
  /** Replicas may be scaled from outside; not in Ray 2.40. */
  external_scaler_enabled?: boolean;
  /** The calls between deployments, in Ray's own form; not in Ray 2.40. */
  deployment_topology?: Record<string, unknown> | null;
}

/** A deployment of a Ray Serve application. */
export interface ServeDeployment {
  name: string;
  status?:
    | 'UPDATING'
    | 'HEALTHY'
    | 'UNHEALTHY'
    | 'DEPLOY_FAILED'
    | 'UPSCALING'
    | 'DOWNSCALING'
    | (string & {});
  /** The cause of the status, for example `CONFIG_UPDATE_COMPLETED` or `REPLICA_STARTUP_FAILED`. */
  status_trigger?: string;
  /** More about `status`. */
  message?: string;
  /** With its defaults, in Ray's own form. */
  deployment_config?: Record<string, unknown>;
  target_num_replicas?: number;
  /** Of each replica, in the units of `Node.resources_total`; not in Ray 2.40. */
  required_resources?: Record<string, number>;
  replicas?: ServeReplicaDetails[];
  /** Stopped replicas whose logs can still be read; not in Ray 2.40. */
  recent_dead_replicas?: ServeReplicaDetails[];
  /** Decisions of the autoscaler, in Ray's own form; not in Ray 2.40. */
  autoscaling_detail?: Record<string, unknown> | null;
}

/** A replica of a deployment: one actor. */
export interface ServeReplicaDetails {
  replica_id: string;
  state?:
    | 'STARTING'
    | 'UPDATING'
    | 'RECOVERING'
    | 'RUNNING'
    | 'STOPPING'
    | 'STOPPED'
    | 'PENDING_MIGRATION'
    | (string & {});
  pid?: number | null;
  /** Seconds since 1970. */
  start_time_s?: number;
  node_id?: string | null;
  node_ip?: string | null;
  /** The cloud provider's ID of the node; not in Ray 2.40. */
  node_instance_id?: string | null;
  actor_id?: string | null;
  actor_name?: string | null;
  worker_id?: string | null;
  /** Relative to the node's folder of logs. */
  log_file_path?: string | null;
}
