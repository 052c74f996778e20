import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Certificates of a test's own, by an authority that nobody else trusts. PEM. */
export interface TestCertificates {
  authority: string;
  /** For `127.0.0.1` and `localhost`. */
  server: { cert: string; key: string };
  client: { cert: string; key: string };
}

/** Makes them with the `openssl` of the machine; they are good for a day. */
export function testCertificates(): TestCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'raywire-certificates-'));
  const make = (name: string, ...words: string[]): { cert: string; key: string } => {
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-days', '1', '-subj', `/CN=raywire test ${name}`],
        ...['-keyout', `${name}.key`, '-out', `${name}.pem`, ...words],
      ],
      { cwd: folder, stdio: 'pipe' },
    );
    const read = (kind: string): string => readFileSync(join(folder, `${name}.${kind}`), 'utf8');
    return { cert: read('pem'), key: read('key') };
  };
  try {
    const { cert: authority } = make('authority');
    const signed = ['-CA', 'authority.pem', '-CAkey', 'authority.key'];
    const server = make('server', ...signed, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost');
    return { authority, server, client: make('client', ...signed) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
