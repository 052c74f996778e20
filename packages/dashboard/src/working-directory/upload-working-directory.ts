import { type ApiClient, type CallOptions, HTTPError, NotFoundError } from '@raywire/core';
import { packFolder } from '#pack-folder';
import type { UploadProgress } from './working-directory-options.js';

/** The dashboard takes no larger request. */
const MAX_PACKAGE_BYTES = 100 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

/** A local folder that a job is to run in. */
export interface WorkingDirectory {
  folder: string;
  excludes: readonly string[];
  onProgress: ((progress: UploadProgress) => void) | undefined;
}

/**
 * Packs a folder and uploads it, unless the cluster has the same content already.
 *
 * @returns what `runtime_env.working_dir` is to be
 * @throws {InvalidArgumentError} when it is no folder, or its package is larger than 100 MiB
 */
export async function uploadWorkingDirectory(
  api: ApiClient,
  { folder, excludes, onProgress }: WorkingDirectory,
  call: CallOptions,
): Promise<string> {
  const { signal } = call;
  const archive = await packFolder({ folder, excludes, maxBytes: MAX_PACKAGE_BYTES, onProgress, signal });
  const name = `_ray_pkg_${await contentHash(archive)}.zip`;
  const path = `api/packages/gcs/${name}`;
  const totalBytes = archive.length;
  if (await isThere(api, path, call)) onProgress?.({ phase: 'reuse', bytes: totalBytes, totalBytes });
  else {
    await api.request({
      method: 'PUT',
      path,
      body: () => inPieces(archive, (bytes) => onProgress?.({ phase: 'upload', bytes, totalBytes })),
      // The name says the content: sent twice, it is the same.
      idempotent: true,
      expect: 'none',
      ...call,
      headers: { 'content-type': 'application/octet-stream', ...call.headers },
    });
  }
  return `gcs://${name}`;
}

async function isThere(api: ApiClient, path: string, call: CallOptions): Promise<boolean> {
  try {
    await api.request({ path, expect: 'none', ...call });
    return true;
  } catch (error) {
    if (NotFoundError.isInstance(error)) return false;
    // It only saves work: where it cannot be asked, the upload itself tells.
    if (HTTPError.isInstance(error) && (error.statusCode ?? 0) >= 500) return false;
    throw error;
  }
}

async function contentHash(archive: Uint8Array): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', archive as Uint8Array<ArrayBuffer>);
  return Array.from(new Uint8Array(digest, 0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function* inPieces(
  archive: Uint8Array,
  sent: (bytes: number) => void,
): AsyncGenerator<Uint8Array, void, void> {
  for (let start = 0; start < archive.length; start += PIECE_BYTES) {
    yield archive.subarray(start, start + PIECE_BYTES);
    sent(Math.min(start + PIECE_BYTES, archive.length));
  }
}
