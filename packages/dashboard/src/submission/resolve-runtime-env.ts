import type { ApiClient, CallOptions } from '@raywire/core';
import type { PipEnv, RuntimeEnv, SubmitJobOptions } from '@raywire/ray';
import { checkLocalFiles, type LocalFiles, packLocalFiles, uploadPackage } from '@raywire/ray/internal';
import { readCondaFile, readRequirements } from '#environment-files';
import { isCondaFile, isLocalPath, localFields, packagesOf } from './local-fields.js';

type LocalOptions = Pick<SubmitJobOptions, 'workingDirectory' | 'onUploadProgress' | 'runtimeEnv'>;

/** Whether a submission has files of this machine to read or to upload. */
export function hasLocalFiles({ workingDirectory, runtimeEnv = {} }: LocalOptions): boolean {
  return workingDirectory !== undefined || localFields(runtimeEnv).length > 0;
}

/**
 * The runtime environment as Ray takes it: files that are read are in it, and what is uploaded is a URI. Everything is
 * looked at before the first upload.
 *
 * @param where the method, for messages
 * @throws {InvalidArgumentError} naming what cannot be read, is not what Ray takes, or is too large
 */
export async function resolveRuntimeEnv(
  api: ApiClient,
  { workingDirectory, onUploadProgress, runtimeEnv = {} }: LocalOptions,
  where: string,
  call: CallOptions,
): Promise<RuntimeEnv> {
  const { excludes: given, ...environment } = await withFilesRead(runtimeEnv, `${where}: runtimeEnv`);
  const { working_dir } = environment;
  // `null` is Python's `None`.
  const [excludes, py_modules] = [given ?? [], environment.py_modules ?? []];
  const local = (source: string | Blob, kind: LocalFiles['kind'], option: string): LocalFiles => ({
    source,
    kind,
    place: `${where}: ${option}`,
    excludes,
  });
  let directory: LocalFiles | undefined;
  if (workingDirectory !== undefined) directory = local(workingDirectory, 'directory', 'workingDirectory');
  else if (isLocalPath(working_dir)) directory = local(working_dir, 'directory', 'runtimeEnv.working_dir');
  const modules = py_modules.map((source, index) =>
    isLocalPath(source) ? local(source, 'module', `runtimeEnv.py_modules[${index}]`) : source,
  );
  for (const files of [directory, ...modules]) if (typeof files === 'object') await checkLocalFiles(files);

  const upload = async (files: LocalFiles): Promise<string> => {
    const { signal } = call;
    const made = await packLocalFiles(files, { onProgress: onUploadProgress, signal });
    return uploadPackage(api, `api/packages/gcs/${made.name}`, made, onUploadProgress, call);
  };
  if (directory !== undefined) environment.working_dir = await upload(directory);
  const uris: string[] = [];
  for (const files of modules) uris.push(typeof files === 'string' ? files : await upload(files));
  if (uris.length > 0) environment.py_modules = uris;
  return environment;
}

/** Requirements and conda files are not uploaded: their content is sent. */
async function withFilesRead(runtimeEnv: RuntimeEnv, place: string): Promise<RuntimeEnv> {
  const { pip, uv, conda, ...environment } = runtimeEnv;
  const packages = packagesOf(pip);
  const installers: Pick<RuntimeEnv, 'pip' | 'uv' | 'conda'> = {
    pip: typeof pip === 'string' ? await readRequirements(pip, `${place}.pip`) : pip,
    uv: typeof uv === 'string' ? await readRequirements(uv, `${place}.uv`) : uv,
    conda: isCondaFile(conda) ? await readCondaFile(conda, `${place}.conda`) : conda,
  };
  if (typeof packages === 'string') {
    const read = await readRequirements(packages, `${place}.pip.packages`);
    installers.pip = { ...(pip as PipEnv), packages: read };
  }
  return { ...environment, ...installers };
}
