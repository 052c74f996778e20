/**
 * The environment of a job: packages, files and variables, in Ray's own field names. Ray takes only one of `pip`, `uv` and
 * `conda`, and `container` and `image_uri` only with `env_vars` and `config`. With `DashboardClient`, the paths of
 * `working_dir`, `py_modules`, `pip`, `uv` and `conda` are those of this machine, as with Ray's own client: what they lead
 * to is uploaded or read. Through a gateway they are not: pass `workingDirectory`, URIs and contents.
 */
export interface RuntimeEnv {
  env_vars?: Readonly<Record<string, string>> | undefined;
  /** The URI of an archive, `gcs://…`, `s3://…` or `https://…`, or a path, as in `workingDirectory`. */
  working_dir?: string | undefined;
  /** URIs of archives and wheels, or paths of folders, `.py` files and wheels, added to `PYTHONPATH`. */
  py_modules?: readonly string[] | undefined;
  /** Patterns of files to leave out when a folder is packed, as in a `.gitignore`. */
  excludes?: readonly string[] | undefined;
  /** Requirements, or the path of a `requirements.txt`. */
  pip?: string | readonly string[] | PipEnv | undefined;
  /** Requirements, or the path of a `requirements.txt`. */
  uv?: string | readonly string[] | UvEnv | undefined;
  /** The name of an existing environment, the path of a YAML file, or the content of one. */
  conda?: string | Readonly<Record<string, unknown>> | undefined;
  /** The command that starts Python. Not in Ray 2.40. */
  py_executable?: string | undefined;
  java_jars?: readonly string[] | undefined;
  /** `module.function`, called when a worker has started. */
  worker_process_setup_hook?: string | undefined;
  /** Workers run in this image. */
  image_uri?: string | undefined;
  /** Workers run in this image; the older form of `image_uri`. */
  container?: { image: string; worker_path?: string; run_options?: readonly string[] } | undefined;
  /** `'default'`, or options of `nsys profile`. */
  nsight?: string | Readonly<Record<string, string>> | undefined;
  /** `'default'`, or arguments and environment of `rocprof-sys`. Not in Ray 2.40. */
  rocprof_sys?: string | Readonly<Record<'args' | 'env', Readonly<Record<string, string>>>> | undefined;
  /** Arguments of `mpirun`, and the function of its workers. Not in Ray 2.60. */
  mpi?: { args?: readonly string[]; worker_entry: string } | undefined;
  config?: RuntimeEnvConfig | undefined;
  /** Fields of plugins, and of other versions of Ray. */
  [plugin: string]: unknown;
}

/** `pip` with its options. */
export interface PipEnv {
  packages: string | readonly string[];
  /** Run `pip check` afterwards. Ray's default: false. */
  pip_check?: boolean;
  /** A requirement without the name, `==24.0`. */
  pip_version?: string;
  pip_install_options?: readonly string[];
}

/** `uv` with its options. */
export interface UvEnv {
  packages: readonly string[];
  /** Run `uv pip check` afterwards. Ray's default: false. */
  uv_check?: boolean;
  /** A requirement without the name, `==0.5.0`. */
  uv_version?: string;
  /** Ray's default: `['--no-cache']`. */
  uv_pip_install_options?: readonly string[];
}

/** How a runtime environment is set up. */
export interface RuntimeEnvConfig {
  /** In seconds; -1: no limit. Ray's default: 600. */
  setup_timeout_seconds?: number;
  /** Set it up before the first task asks for it. Ray's default: true. */
  eager_install?: boolean;
  /** Log files to show in the dashboard. */
  log_files?: readonly string[];
}
