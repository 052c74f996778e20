/** A node of the cluster, with the server's own field names; unknown fields are passed through. */
export interface Node {
  node_id: string;
  node_ip?: string;
  node_name?: string;
  /** `ALIVE` or `DEAD`. */
  state?: string;
  /** `state === 'ALIVE'`, where the server or the client fills it. */
  alive?: boolean;
  is_head_node?: boolean;
  /** What Ray may give to tasks: `CPU`, `GPU` and custom ones in pieces, `memory` in bytes. */
  resources_total?: Record<string, number>;
  [field: string]: unknown;
}
