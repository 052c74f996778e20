/** States of a node. */
export type NodeState = 'ALIVE' | 'DEAD' | (string & {});

/** A node of the cluster, with the server's own field names; `fieldOf` reads the fields that are not here. */
export interface Node {
  node_id: string;
  node_ip?: string;
  /** As given at its start; default: its IP address. */
  node_name?: string;
  state?: NodeState;
  /** More about `state`, for example why the node is dead. */
  state_message?: string | null;
  /** `state === 'ALIVE'`, where the server or the client fills it. */
  alive?: boolean;
  is_head_node?: boolean;
  /** What Ray may give to tasks: `CPU`, `GPU` and custom ones in pieces, `memory` and `object_store_memory` in bytes. */
  resources_total?: Record<string, number>;
  labels?: Record<string, string>;
  /** Milliseconds since 1970; with `detail`. */
  start_time_ms?: number | null;
  /** Milliseconds since 1970, 0 while it is there; with `detail`. Ray may notice a death 30 s late. */
  end_time_ms?: number | null;
}
