/** How far the packing or the upload of local files has come. */
export interface UploadProgress {
  /** `pack`: files are read and compressed; `upload`: the package is sent; `reuse`: the cluster has it already. */
  phase: 'pack' | 'upload' | 'reuse';
  /** Packing: bytes read of the files. Otherwise: bytes of the package. */
  bytes: number;
  /** Bytes of the package; `undefined` while it is packed. */
  totalBytes: number | undefined;
}

/** Files that a job is to have. */
export interface LocalFiles {
  /** A path, or an archive in memory. */
  source: string | Blob;
  /** `module`: a folder is packed with its own name, and Python files and wheels are taken instead of archives. */
  kind: 'directory' | 'module';
  /** The caller's name for it, for messages: `submitJob: workingDirectory`. */
  place: string;
  /** More of the kind of `.gitignore`, relative to the folder. */
  excludes: readonly string[];
}

/** How they are packed. */
export interface PackSettings {
  onProgress: ((progress: UploadProgress) => void) | undefined;
  signal: AbortSignal | undefined;
}

/** An archive or a wheel that is ready to be sent. */
export interface LocalPackage {
  /** Says the content, so that the same content is sent once. */
  name: string;
  bytes: Uint8Array;
}

/** The dashboard takes no larger request. */
export const MAX_PACKAGE_BYTES: number = 100 * 1024 * 1024;
