import { refuseOption } from '@raywire/core/internal';

/** A browser has no files. @throws {InvalidArgumentError} always */
export async function readRequirements(_path: string, place: string): Promise<string[]> {
  return refuseOption(`${place} needs a file system to read a file: pass the requirements as an array.`);
}

/** A browser has no files. @throws {InvalidArgumentError} always */
export async function readCondaFile(_path: string, place: string): Promise<Record<string, unknown>> {
  return refuseOption(`${place} needs a file system to read a file: pass its content as an object.`);
}
