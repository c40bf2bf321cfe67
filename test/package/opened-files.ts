import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

// Run as a program: `opened-files.ts DIST HOST FOLDER` opens the folder with the file HOST of the bundles in DIST, as the
// extension does, and prints the files that this loaded.
const [dist = '', host = '', folder = ''] = process.argv.slice(2);
const loaded: string[] = [];
registerHooks({
  load(url, context, next) {
    const file = url.startsWith('file:') ? fileURLToPath(url) : '';
    if (file.startsWith(dist + path.sep)) loaded.push(path.relative(dist, file));
    return next(url, context);
  },
});
const { openHost } = await import(pathToFileURL(path.join(dist, host)).href);
const opened = await openHost({ folder, trusted: () => true, goesOn: true, actor: 'tester' });
const tasks = opened.store.view.size;
// What opening starts in the background belongs to it.
await opened.close();
console.log(JSON.stringify({ tasks, loaded }));
