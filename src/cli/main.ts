import * as nodeModule from 'node:module';
import { fileURLToPath } from 'node:url';

// Compiled code is kept between starts, where Node can: most of a short command's time is compiling. Only what is
// loaded after this is kept, so this file loads all else.
nodeModule.enableCompileCache?.();

const { runProcess } = await import('./run.ts');
await runProcess(process, fileURLToPath(import.meta.url));
