/** A Ray Serve application, with the server's own field names; unknown fields are passed through. */
export interface ServeApplication {
  name: string;
  /** For example `RUNNING`, `DEPLOYING`, `DEPLOY_FAILED`, `UNHEALTHY`, `DELETING`. */
  status?: string;
  message?: string;
  route_prefix?: string | null;
  deployments?: Record<string, unknown>;
  [field: string]: unknown;
}
