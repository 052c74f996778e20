import { InvalidArgumentError } from '@raywire/core';
import type { PackOptions } from './working-directory-options.js';

/** A browser has no folders. @throws {InvalidArgumentError} always */
export async function packFolder(_options: PackOptions): Promise<Uint8Array> {
  throw new InvalidArgumentError({
    message:
      "workingDirectory needs a file system. Pass runtimeEnv: { working_dir: 'https://…/code.zip' } instead.",
  });
}
