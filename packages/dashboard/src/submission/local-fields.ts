import type { RuntimeEnv } from '@raywire/ray';

/** Whether it is the path of something on this machine, and not a URI. */
export function isLocalPath(value: unknown): value is string {
  return typeof value === 'string' && !/^[a-z][a-z\d+.-]*:\/\//i.test(value);
}

/** Whether `conda` is the path of a file; otherwise it is a name, or a folder of the cluster. */
export function isCondaFile(conda: RuntimeEnv['conda']): conda is string {
  return typeof conda === 'string' && /\.ya?ml$/.test(conda);
}

/** The fields of a runtime environment that name files of this machine, as Ray's own client takes them. */
export function localFields(environment: RuntimeEnv): string[] {
  const { working_dir, py_modules, pip, uv, conda } = environment;
  const fields: [name: string, isLocal: boolean | undefined][] = [
    ['working_dir', isLocalPath(working_dir)],
    ['py_modules', py_modules?.some(isLocalPath)],
    ['pip', typeof pip === 'string' || typeof packagesOf(pip) === 'string'],
    ['uv', typeof uv === 'string'],
    ['conda', isCondaFile(conda)],
  ];
  return fields.flatMap(([name, isLocal]) => (isLocal ? [name] : []));
}

/** `packages` of `pip` with its options. */
export function packagesOf(pip: RuntimeEnv['pip']): string | readonly string[] | undefined {
  return typeof pip === 'object' && pip !== null && 'packages' in pip ? pip.packages : undefined;
}
