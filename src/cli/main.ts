import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiled code is kept between starts, where Node can: most of a short command's time is compiling.
nodeModule.enableCompileCache?.();

const { processOutput } = await import('./terminal/output.ts');
const { run } = await import('./run.ts');
const { interruption } = await import('./interrupt.ts');

process.exitCode = await run(process.argv.slice(2), {
  cwd: process.cwd(),
  program: { command: process.execPath, args: [...process.execArgv, fileURLToPath(import.meta.url)] },
  out: processOutput(process),
  interrupted: interruption(process),
});
