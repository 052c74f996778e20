import { TransportUnavailableError } from '../errors/transport-unavailable-error.js';

/** Why a library cannot be loaded, by what the runtime says, and the remedy. The first row that matches counts. */
const REMEDIES: readonly { cause: RegExp; remedy(library: string): string }[] = [
  {
    // esbuild's own words, and a runtime's where a bundle calls `require` without having one.
    cause: /dynamic require of|require is not defined/i,
    remedy: (library) =>
      `This bundle is an ES module without require(): mark ${library} as external (esbuild: --external:${library}), or give the bundle a require() by a createRequire banner.`,
  },
  {
    cause: /experimental-vm-modules/,
    remedy: () =>
      'Run Jest with NODE_OPTIONS=--experimental-vm-modules, or let @babel/preset-env transform @raywire/*.',
  },
  {
    cause: /cannot find (?:package|module)|failed to resolve module/i,
    remedy: (library) => `Install ${library} where the program runs, or include it in the bundle.`,
  },
];

/** A library that a transport or requester loads at its first use cannot be loaded: another try would fail as well. */
export function moduleUnavailable(library: string, cause: unknown): TransportUnavailableError {
  // Not by its class: the error may be of another realm, as Jest's are.
  const said = String((cause as Partial<Error> | null | undefined)?.message ?? cause);
  const [reason = ''] = said.split('\n');
  const known = REMEDIES.find((row) => row.cause.test(said));
  const remedy = known?.remedy(library) ?? 'Is it installed, and complete?';
  return new TransportUnavailableError({
    message: `${library} cannot be loaded: ${reason.slice(0, 200).replace(/\.$/, '')}. ${remedy} More: "Bundlers, Jest, Workers, React" in the README of @raywire/agent.`,
    cause,
  });
}
