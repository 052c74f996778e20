import { fileURLToPath } from 'node:url';

// Where the packages and the tools are; by itself, Next.js would take the outermost lock file for a hint.
const root = fileURLToPath(new URL('../..', import.meta.url));

export default { turbopack: { root }, outputFileTracingRoot: root };
