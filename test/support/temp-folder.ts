import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new empty folder that goes away with the test, or with the suite whose `after` is given. */
export function tempFolder(context: { after(end: () => void): void }): string {
  const folder = mkdtempSync(join(tmpdir(), 'systemprompt-test-'));
  context.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * Waits until a condition holds, looking often; fails with `what` after the time is up. The time is that of a machine with
 * much else to do: only a wait that fails takes it.
 */
export async function until(what: string, condition: () => boolean | Promise<boolean>, ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); ) {
    if (Date.now() > end) throw new Error(`Waited ${ms} ms in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
