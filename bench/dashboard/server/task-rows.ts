/** An answer of Ray's State API with so many tasks, shaped as Ray 2.60.0 shapes it without `detail`. */
export function taskList(count: number): Buffer {
  const rows = Array.from({ length: count }, (_, index) => ({
    task_id: hex(index, 48),
    attempt_number: 0,
    name: `preprocess_shard_${index % 50}`,
    state: index % 10 === 0 ? 'RUNNING' : 'FINISHED',
    job_id: '01000000',
    actor_id: null,
    type: 'NORMAL_TASK',
    func_or_class_name: 'pipeline.preprocess_shard',
    parent_task_id: hex(0xff, 48),
    node_id: hex(index % 8, 56),
    worker_id: hex(index % 64, 56),
    worker_pid: 20_000 + (index % 64),
    error_type: null,
  }));
  const list = {
    total: count,
    num_after_truncation: count,
    num_filtered: count,
    result: rows,
    partial_failure_warning: '',
    warnings: null,
  };
  return Buffer.from(JSON.stringify({ result: true, msg: '', data: { result: list } }));
}

function hex(value: number, length: number): string {
  return (value * 2_654_435_761).toString(16).padStart(length, '9f3c1e');
}
