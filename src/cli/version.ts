import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The product's version, from the package.json above this file: one folder up in a bundle, two in the source. */
export function productVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    const found = read(join(import.meta.dirname, place));
    if (found?.name === 'systemprompt-tasks' && typeof found.version === 'string') return found.version;
  }
  return 'unknown';
}

function read(file: string): { name?: unknown; version?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown };
  } catch {
    return undefined;
  }
}
