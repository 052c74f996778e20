/** What a package may import, and where it runs. */
export interface PackageRules {
  /** The packages it points at; what those point at may be imported too. */
  arrows: readonly string[];
  /** It also runs in browsers: `node:` modules and Node's globals stand in its `*.node.ts` files only. */
  browser: boolean;
}

/** The arrows between the packages, by folder name under `packages/`. A package that is not here fails the check. */
export const packages: Readonly<Record<string, PackageRules>> = {
  core: { arrows: [], browser: true },
  network: { arrows: ['core'], browser: true },
  ray: { arrows: ['network'], browser: true },
  'transport-ws': { arrows: ['core'], browser: true },
  'transport-http': { arrows: ['core'], browser: true },
  'transport-testkit': { arrows: ['core'], browser: false },
  agent: { arrows: ['ray', 'transport-ws', 'transport-http'], browser: true },
  dashboard: { arrows: ['ray', 'transport-ws', 'transport-http'], browser: true },
  gateway: { arrows: ['dashboard'], browser: false },
  // Private. It has no arrows, so that the tests of every package may import it.
  testing: { arrows: [], browser: false },
};

/** What the tests of every package may import besides: servers to run against, a client, and a conformance suite. */
export const forTests: readonly string[] = [
  'testing',
  'transport-testkit',
  'agent',
  'transport-http',
  'gateway',
];

/** Globals that browsers do not have. */
export const nodeGlobals: ReadonlySet<string> = new Set([
  'Buffer',
  'NodeJS',
  '__dirname',
  '__filename',
  'clearImmediate',
  'global',
  'process',
  'require',
  'setImmediate',
]);
