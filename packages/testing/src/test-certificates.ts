import type { generate } from 'selfsigned';

/** Certificates of a test's own, by an authority that nobody else trusts. PEM. */
export interface TestCertificates {
  authority: string;
  /** For `127.0.0.1` and `localhost`. */
  server: { cert: string; key: string };
  client: { cert: string; key: string };
}

type CertificateExtension = NonNullable<NonNullable<Parameters<typeof generate>[1]>['extensions']>[number];

const DAY_MS = 24 * 60 * 60 * 1_000;
const LOOPBACK: CertificateExtension = {
  name: 'subjectAltName',
  altNames: [
    { type: 7, ip: '127.0.0.1' },
    { type: 2, value: 'localhost' },
  ],
};

/** Makes them; they are good for a day. */
export async function testCertificates(): Promise<TestCertificates> {
  // Loaded here: it is slow, and few tests need it.
  const { generate } = await import('selfsigned');
  const common = { keyType: 'ec', algorithm: 'sha256', notAfterDate: new Date(Date.now() + DAY_MS) } as const;
  const named = (name: string) => [{ name: 'commonName', value: `raywire test ${name}` }];
  const authority = await generate(named('authority'), {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const ca = { key: authority.private, cert: authority.cert };
  const signed = async (name: string): Promise<{ cert: string; key: string }> => {
    const { cert, private: key } = await generate(named(name), { ...common, ca, extensions: [LOOPBACK] });
    return { cert, key };
  };
  return { authority: authority.cert, server: await signed('server'), client: await signed('client') };
}
