import type { Options } from 'tsup';

/**
 * The build of every package: ESM only, one file an entry, types by `tsc` beside it
 * (tsup's own `dts` does not work with TypeScript 7).
 */
export function preset(entry: string[] = ['src/index.ts']): Options {
  return {
    entry,
    format: ['esm'],
    target: 'es2022',
    platform: 'neutral',
    splitting: true,
    sourcemap: false,
    clean: true,
    dts: false,
    // `#…` are the conditional imports of package.json, chosen where the package is used.
    external: [/^node:/, /^#/],
    plugins: [
      {
        name: 'no-bare-imports',
        // Of chunks that another chunk needs: nothing here has side effects, and bundlers warn of such an import.
        renderChunk: (code) => ({ code: code.replace(/^import "\.\/chunk-\w+\.js";\n/gm, '') }),
      },
    ],
  };
}
