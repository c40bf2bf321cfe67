import { readdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from '../../scripts/process.ts';

/** A window kind: `suite` runs in a trusted window, `restricted` in one whose folder is not trusted. */
export type Suite = 'suite' | 'restricted';

/**
 * Bundles all tests of a suite into one CommonJS file that exports `run`, which is what VS Code loads.
 * Returns its path, below the extension's folder: VS Code gives the `vscode` module to nothing outside.
 */
export async function bundleSuite(suite: Suite): Promise<string> {
  const folder = path.join(import.meta.dirname, suite);
  const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  const imports = files.sort().map((name) => `import './${suite}/${name}';`);
  const outfile = path.join(root, 'dist-test', 'host', suite === 'suite' ? 'index.cjs' : 'restricted.cjs');
  await build({
    stdin: {
      contents: [...imports, "export { run } from './suite/runner.ts';"].join('\n'),
      resolveDir: import.meta.dirname,
      sourcefile: `${suite}.ts`,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node22',
    external: ['vscode'],
    sourcemap: 'inline',
    logLevel: 'warning',
    // No test starts the agent program, whose place this is.
    logOverride: { 'empty-import-meta': 'silent' },
  });
  return outfile;
}
