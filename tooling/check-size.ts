// `pnpm size`: fails when what a browser loads of a package is above its budget, and prints the modules that weigh most.
// `--all` prints each module, `--root <checkout>` measures another checkout.
import { dirname, isAbsolute, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleForBrowsers } from '../e2e/runtimes/laboratory/bundle.ts';
import { moduleSizes } from './module-sizes.ts';

/** In bytes, minified and gzipped: raised knowingly, or not at all. */
const BUDGETS = [
  { name: '@raywire/agent', symbol: 'AgentClient', budget: 43_900 },
  { name: '@raywire/dashboard', symbol: 'DashboardClient', budget: 55_500 },
];
const PRINTED_MODULES = 10;

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    root: { type: 'string', default: dirname(import.meta.dirname) },
  },
});

for (const { name, symbol, budget } of BUDGETS) {
  const program = `import { ${symbol} } from '${name}'; console.log(${symbol});`;
  const { text, map, gzippedBytes } = await bundleForBrowsers(join(values.root, 'e2e'), program, true);
  const verdict = gzippedBytes > budget ? 'above' : 'within';
  console.log(
    `${name}: ${count(text.length)} bytes minified, ${count(gzippedBytes)} gzipped, ${verdict} its budget of ${count(budget)}`,
  );
  const modules = moduleSizes(text, map, process.cwd());
  console.log('    gzipped  minified  module (gzipped: what the bundle would be smaller without it)');
  for (const module of values.all ? modules : modules.slice(0, PRINTED_MODULES)) {
    const sizes = [module.gzippedBytes, module.minifiedBytes].map((bytes) => count(bytes).padStart(9));
    const path = isAbsolute(module.module) ? relative(values.root, module.module) : module.module;
    console.log(`  ${sizes.join(' ')}  ${path}`);
  }
  if (verdict === 'above') process.exitCode = 1;
}

function count(bytes: number): string {
  return bytes.toLocaleString('en');
}
