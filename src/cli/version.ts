import { readFileSync } from 'node:fs';

/** The product's version, from the package.json above this file: one folder up in a bundle, two in the source. */
export function productVersion(): string {
  for (const place of ['../package.json', '../../package.json']) {
    const found = read(new URL(place, import.meta.url));
    if (found?.name === 'systemprompt-tasks' && typeof found.version === 'string') return found.version;
  }
  return 'unknown';
}

function read(url: URL): { name?: unknown; version?: unknown } | undefined {
  try {
    return JSON.parse(readFileSync(url, 'utf8')) as { name?: unknown; version?: unknown };
  } catch {
    return undefined;
  }
}
