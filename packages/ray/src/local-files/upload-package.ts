import { type ApiClient, type CallOptions, HTTPError, NotFoundError } from '@raywire/core';
import { uploadBody } from '#local-files';
import type { LocalPackage, UploadProgress } from './local-package.js';

/**
 * Sends a package, unless the cluster has the same content already.
 *
 * @param path where this server keeps it
 * @returns its URI, for a runtime environment
 */
export async function uploadPackage(
  api: ApiClient,
  path: string,
  { name, bytes }: LocalPackage,
  onProgress: ((progress: UploadProgress) => void) | undefined,
  call: CallOptions,
): Promise<string> {
  const totalBytes = bytes.length;
  if (await isThere(api, path, call)) onProgress?.({ phase: 'reuse', bytes: totalBytes, totalBytes });
  else {
    const sent = (bytes: number): void => onProgress?.({ phase: 'upload', bytes, totalBytes });
    await api.request({
      method: 'PUT',
      path,
      body: uploadBody(bytes, sent),
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
