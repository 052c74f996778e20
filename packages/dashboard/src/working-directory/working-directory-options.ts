/** How far the packing or the upload of a working directory has come. */
export interface UploadProgress {
  /** `pack`: files are read and compressed; `upload`: the package is sent; `reuse`: the cluster has it already. */
  phase: 'pack' | 'upload' | 'reuse';
  /** Packing: bytes read of the files. Otherwise: bytes of the package. */
  bytes: number;
  /** Bytes of the package; `undefined` while it is packed. */
  totalBytes: number | undefined;
}

/** What is packed, and how large it may become. */
export interface PackOptions {
  folder: string;
  /** More of the kind of `.gitignore`, relative to the folder. */
  excludes: readonly string[];
  maxBytes: number;
  onProgress: ((progress: UploadProgress) => void) | undefined;
  signal: AbortSignal | undefined;
}
