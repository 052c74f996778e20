import {
  arrayOf,
  checkedBy,
  describeInput,
  describeType,
  flag,
  kind,
  nearest,
  type OptionKind,
  record,
  recordOf,
  refuseOption,
  text,
  unchecked,
} from '@raywire/core/internal';
import type { RuntimeEnv } from './runtime-env.js';

/** What is only checked: the value stays as it is. */
interface Check {
  check(value: unknown, place: string): unknown;
}

/** Names from other tools that no typing error explains. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  env: 'env_vars',
  pypi: 'pip',
  working_directory: 'working_dir',
  workingDirectory: 'working_dir',
};

/**
 * Ray's runtime environment. Ray ignores a misspelt field without a word and refuses a wrong type only when the job
 * starts, so both are refused here. Fields that resemble none of Ray's are those of plugins, and pass. @__NO_SIDE_EFFECTS__
 */
export function runtimeEnvKind(): OptionKind<RuntimeEnv, undefined> {
  const string = text<string>('a string that is not empty');
  const strings = arrayOf(kind<string>('a string', isString));
  const installer = (name: 'pip' | 'uv'): Check => {
    const inner = {
      packages: name === 'pip' ? oneKindOf(string, strings) : strings,
      [`${name}_check`]: flag(),
      [`${name}_version`]: string,
      [name === 'pip' ? 'pip_install_options' : 'uv_pip_install_options']: strings,
    };
    return oneKindOf(string, strings, fields(inner));
  };
  const variable = kind<string>('a string', isString, {
    describe: describeType,
    remedy: () => ' Variables are strings: quote it, or leave it out.',
  });
  const { check } = fields<RuntimeEnv>({
    env_vars: recordOf(variable),
    working_dir: string,
    py_modules: arrayOf(string),
    excludes: strings,
    pip: installer('pip'),
    uv: installer('uv'),
    conda: oneKindOf(string, record()),
    py_executable: string,
    java_jars: strings,
    worker_process_setup_hook: string,
    image_uri: string,
    container: record(),
    nsight: unchecked(),
    rocprof_sys: unchecked(),
    mpi: record(),
    config: fields({
      setup_timeout_seconds: kind('a whole number of seconds', Number.isInteger),
      eager_install: flag(),
      log_files: strings,
    }),
  });
  return checkedBy((value, place) => {
    const runtimeEnv = check(value, place);
    const installers = (['pip', 'uv', 'conda'] as const).filter((name) => runtimeEnv[name] != null);
    if (installers.length > 1)
      refuseOption(`${place}: ${installers.join(' and ')} exclude each other; pass one of them.`);
    return runtimeEnv;
  });
}

/** An object with these fields. `null` is absent, as Python's `None`; names with `_` are Ray's own. */
function fields<Value extends object>(kinds: Readonly<Record<string, Check>>): OptionKind<Value, undefined> {
  const { check } = record<Record<string, unknown>>();
  const names = Object.keys(kinds);
  return checkedBy((given, place) => {
    for (const [name, value] of Object.entries(check(given, place))) {
      if (value === undefined || value === null || name.startsWith('_')) continue;
      const near = names.includes(name) ? undefined : (nameMeantBy(name, names) ?? nearest(name, names));
      if (near !== undefined)
        refuseOption(`${place} has no field ${describeInput(name)}: did you mean ${near}?`);
      if (Object.hasOwn(kinds, name)) kinds[name]?.check(value, `${place}.${name}`);
    }
    return given as Value;
  });
}

function nameMeantBy(name: string, names: readonly string[]): string | undefined {
  const meant = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  return names.find((known) => known === meant);
}

/** A string, an array or an object, each by its own kind. */
function oneKindOf(string: Check, array: Check, object: Check = array): Check {
  return {
    check: (value, place) => {
      const kind = typeof value === 'string' ? string : Array.isArray(value) ? array : object;
      return kind.check(value, place);
    },
  };
}

function isString(value: unknown): boolean {
  return typeof value === 'string';
}
