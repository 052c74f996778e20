import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';

const inflate = promisify(inflateRaw);

const END = { signature: 0x06054b50, bytes: 22 };
const ENTRY = { signature: 0x02014b50, bytes: 46 };
const LOCAL = { signature: 0x04034b50, bytes: 30 };
const STORED = 0;
const DEFLATED = 8;
/** Executable bits of a file; the rest of a mode is the gateway's to choose. */
const EXECUTABLE = 0o100;

/**
 * Unpacks a ZIP archive into a folder that is the gateway's own.
 *
 * @param maxBytes of all files together
 * @throws {Error} when it is damaged, encrypted or ZIP64, leads out of the folder, or is larger than `maxBytes`
 */
export async function unzip(path: string, folder: string, maxBytes: number): Promise<void> {
  const archive = await readFile(path);
  let left = maxBytes;
  for (const { name, method, attributes, start, packedBytes, bytes } of entriesOf(archive)) {
    const parts = name.split('/');
    if (name.startsWith('/') || /[\\\0]/.test(name) || parts.includes('..'))
      throw new Error('it has a path that leads out of it');
    const target = join(folder, name);
    if (name.endsWith('/')) {
      await mkdir(target, { recursive: true, mode: 0o700 });
      continue;
    }
    left -= bytes;
    if (left < 0) throw new Error(`it has more than ${maxBytes} bytes when it is unpacked`);
    const packed = archive.subarray(start, start + packedBytes);
    if (method !== STORED && method !== DEFLATED)
      throw new Error('it is encrypted, or packed in an unknown way');
    // What the entry says of its size is its maker's word: never more is unpacked.
    const content =
      method === STORED ? packed : await inflate(packed, { maxOutputLength: Math.max(bytes, 1) });
    if (content.length !== bytes) throw new Error('it is damaged');
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const mode = (attributes >>> 16) & EXECUTABLE ? 0o700 : 0o600;
    await writeFile(target, content, { mode });
  }
}

interface ZipEntry {
  name: string;
  method: number;
  attributes: number;
  start: number;
  packedBytes: number;
  bytes: number;
}

function* entriesOf(archive: Buffer): Generator<ZipEntry, void, void> {
  // A comment of up to 65,535 bytes may follow.
  let end = archive.length - END.bytes;
  while (end >= 0 && archive.readUInt32LE(end) !== END.signature) end--;
  if (end < 0) throw new Error('it is not a ZIP archive');
  const count = archive.readUInt16LE(end + 10);
  if (count === 0xffff) throw new Error('it has too many files (ZIP64 is not supported)');
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    requireSignature(archive, at, ENTRY);
    const nameBytes = archive.readUInt16LE(at + 28);
    const local = archive.readUInt32LE(at + 42);
    requireSignature(archive, local, LOCAL);
    yield {
      name: archive.toString('utf8', at + ENTRY.bytes, at + ENTRY.bytes + nameBytes),
      method: archive.readUInt16LE(at + 8) & 1 ? -1 : archive.readUInt16LE(at + 10),
      attributes: archive.readUInt32LE(at + 38),
      start: local + LOCAL.bytes + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28),
      packedBytes: archive.readUInt32LE(at + 20),
      bytes: archive.readUInt32LE(at + 24),
    };
    at += ENTRY.bytes + nameBytes + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
}

function requireSignature(archive: Buffer, at: number, part: { signature: number; bytes: number }): void {
  if (at + part.bytes > archive.length || archive.readUInt32LE(at) !== part.signature)
    throw new Error('it is damaged');
}
