import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/** A program and all that it imports, in one module for browsers. */
export interface Bundle {
  text: string;
  /** Its source map, as JSON. */
  map: string;
  /** The files that went into it. */
  inputs: string[];
  gzippedBytes: number;
}

/** Bundles as a user's build would, with the conditions of browsers; what it warns of is an error. */
export async function bundleForBrowsers(project: string, contents: string, minify: boolean): Promise<Bundle> {
  const { outputFiles, metafile, warnings } = await build({
    stdin: { contents, resolveDir: project },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    minify,
    outfile: 'bundle.js',
    sourcemap: 'external',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  if (warnings.length > 0) throw new Error(`esbuild warns: ${JSON.stringify(warnings)}`);
  const [map, output] = outputFiles;
  if (map === undefined || output === undefined) throw new Error('esbuild gave no output');
  return {
    text: output.text,
    map: map.text,
    inputs: Object.keys(metafile.inputs),
    gzippedBytes: gzipSync(output.text, { level: 9 }).length,
  };
}
