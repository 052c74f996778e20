/**
 * Keeps archives that jobs run in. Their names, `_ray_pkg_<32 digits of the content's SHA-256>.zip`, `.tar.gz` or
 * `.tar.xz`, are checked before they reach it; a job names one as `gcs://<name>` in `runtime_env.working_dir`.
 */
export interface PackageStore {
  /** Whether it is here, and will be until a job that is submitted next has it. */
  has(name: string): Promise<boolean>;
  /**
   * Keeps a package whole, or not at all. The content throws when its sender goes away, when there is too much of it,
   * and at its end when it is not what the name says.
   */
  put(name: string, content: AsyncIterable<Uint8Array>): Promise<void>;
}
