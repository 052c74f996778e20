import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from '@raywire/core';
import { describeInput, refuseOption } from '@raywire/core/internal';

/**
 * The lines of a requirements file, each once, as Ray's client sends them.
 *
 * @throws {InvalidArgumentError} when it cannot be read; `place` is the caller's name for it
 */
export async function readRequirements(path: string, place: string): Promise<string[]> {
  const remedy = `A string is the path of a requirements file; for packages pass an array, [${describeInput(path)}].`;
  const text = await readText(path, place, remedy);
  return [...new Set(text.trim().split(/\r?\n/))].filter((line) => line !== '');
}

/**
 * The content of a conda file.
 *
 * @throws {InvalidArgumentError} when it cannot be read, or is not YAML
 */
export async function readCondaFile(path: string, place: string): Promise<Record<string, unknown>> {
  const text = await readText(path, place, 'Pass the path of a YAML file, or its content as an object.');
  const { parse } = await import('yaml');
  let content: unknown;
  try {
    content = parse(text);
  } catch (error) {
    const message = `${place}: ${describeInput(path)} is not YAML: ${(error as Error).message}`;
    throw new InvalidArgumentError({ message, cause: error });
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    refuseOption(
      `${place}: ${describeInput(path)} must hold a conda environment, such as "dependencies: […]".`,
    );
  return content as Record<string, unknown>;
}

async function readText(path: string, place: string, remedy: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `${place}: ${describeInput(path)} cannot be read (${code}). ${remedy}`;
    throw new InvalidArgumentError({ message, cause: error });
  }
}
