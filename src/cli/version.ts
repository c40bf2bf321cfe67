import { join } from 'node:path';

/**
 * The product's version, from the package.json above this file: one folder up in a bundle, two in the source.
 *
 * @param readFile `readFileSync` of Node
 */
export function productVersion(readFile: (file: string, encoding: 'utf8') => string): string {
  for (const place of ['../package.json', '../../package.json']) {
    const found = read(join(import.meta.dirname, place), readFile);
    if (found?.name === 'systemprompt-tasks' && typeof found.version === 'string') return found.version;
  }
  return 'unknown';
}

function read(
  file: string,
  readFile: (file: string, encoding: 'utf8') => string,
): { name?: unknown; version?: unknown } | undefined {
  try {
    return JSON.parse(readFile(file, 'utf8')) as { name?: unknown; version?: unknown };
  } catch {
    return undefined;
  }
}
