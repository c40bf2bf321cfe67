import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { must } from '../process.ts';
import type { Workbench } from './install.ts';

/** One row of VS Code's `extensions.json`, as far as we write it. */
interface InstalledExtension {
  readonly identifier: { readonly id: string };
  readonly version: string;
  readonly location: { readonly $mid: 1; readonly path: string; readonly scheme: 'file' };
  readonly relativeLocation: string;
}

/**
 * Makes a checkout appear as an installed extension by a symbolic link, so that a new build is there after
 * reloading the window. The list of installed extensions is written too: without it VS Code
 * looks at the folder once, on its first start, and never again.
 */
export async function linkExtension(extensionsDir: string, checkout: string): Promise<void> {
  const { publisher, name, version } = readManifest(checkout);
  const id = `${publisher}.${name}`;
  await mkdir(extensionsDir, { recursive: true });

  const link = path.join(extensionsDir, `${id}-${version}`);
  // The link alone is removed, or the folder of a VSIX installed before; never what the link points at.
  await rm(link, { recursive: true, force: true });
  await symlink(checkout, link, 'junction');

  const list = path.join(extensionsDir, 'extensions.json');
  const others = readList(list).filter((row) => row.identifier.id.toLowerCase() !== id.toLowerCase());
  const ours: InstalledExtension = {
    identifier: { id },
    version,
    location: { $mid: 1, path: link, scheme: 'file' },
    relativeLocation: path.basename(link),
  };
  await writeFile(list, JSON.stringify([...others, ours]));
}

/** Installs a packaged extension exactly as a user's VS Code would: what is missing from the VSIX is missing here. */
export async function installVsix(workbench: Workbench, extensionsDir: string, vsix: string): Promise<void> {
  await mkdir(extensionsDir, { recursive: true });
  const dirs = ['--extensions-dir', extensionsDir, '--server-data-dir', path.dirname(extensionsDir)];
  const args = ['--accept-server-license-terms', '--install-extension', vsix, '--force', ...dirs];
  await must(workbench.node, [workbench.main, ...args], { output: 'hide' });
}

/** Publisher, name and version of the extension in a folder. */
function readManifest(folder: string): { publisher: string; name: string; version: string } {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { publisher, name, version } = manifest;
  if (typeof publisher !== 'string' || typeof name !== 'string' || typeof version !== 'string') {
    throw new Error(`${folder}/package.json needs publisher, name and version.`);
  }
  return { publisher, name, version };
}

function readList(file: string): readonly InstalledExtension[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as InstalledExtension[]) : [];
}
