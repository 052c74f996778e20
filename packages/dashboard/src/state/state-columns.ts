/**
 * The columns that Ray filters each list by: those with `filterable=True` in its `util/state/common.py`, the same in Ray
 * 2.40 and 2.60.
 */
export interface StateColumns {
  jobs: 'job_id' | 'submission_id' | 'type' | 'status';
  nodes: 'node_id' | 'node_ip' | 'is_head_node' | 'state' | 'node_name';
  tasks:
    | 'task_id'
    | 'attempt_number'
    | 'name'
    | 'state'
    | 'job_id'
    | 'actor_id'
    | 'type'
    | 'func_or_class_name'
    | 'parent_task_id'
    | 'node_id'
    | 'worker_id'
    | 'worker_pid'
    | 'error_type'
    | 'language'
    | 'placement_group_id'
    | 'is_debugger_paused';
  actors:
    | 'actor_id'
    | 'class_name'
    | 'state'
    | 'job_id'
    | 'name'
    | 'node_id'
    | 'pid'
    | 'ray_namespace'
    | 'placement_group_id'
    | 'repr_name';
  workers:
    | 'worker_id'
    | 'is_alive'
    | 'worker_type'
    | 'exit_type'
    | 'node_id'
    | 'ip'
    | 'pid'
    | 'debugger_port'
    | 'num_paused_threads';
  placement_groups: 'placement_group_id' | 'name' | 'creator_job_id' | 'state' | 'is_detached';
  objects:
    | 'object_id'
    | 'object_size'
    | 'task_status'
    | 'attempt_number'
    | 'reference_type'
    | 'call_site'
    | 'type'
    | 'pid'
    | 'ip';
}

/** The resources of Ray's State API. */
export type StateResource = keyof StateColumns;
