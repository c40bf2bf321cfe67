import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../scripts/process.ts';

/** Where pictures of the product end up: kept as artefacts of a test run, ignored by git. */
export const galleryFolder = path.join(root, 'test-artifacts', 'ui');

/** Numbered pictures of one test file, in the order they were taken: `<name>-01-<what>.png`, or `01-<what>.png` without a name. */
export class Gallery {
  readonly #prefix: string;
  #count = 0;

  /** Starts over: the pictures of an earlier run under the same name are removed. */
  constructor(name = '') {
    this.#prefix = name === '' ? '' : `${name}-`;
    mkdirSync(galleryFolder, { recursive: true });
    const ours = new RegExp(`^${this.#prefix}\\d\\d-.*\\.png$`);
    for (const file of readdirSync(galleryFolder)) if (ours.test(file)) rmSync(path.join(galleryFolder, file));
  }

  /** Takes a picture of the whole window and returns its path. */
  async take(page: Page, what: string): Promise<string> {
    this.#count += 1;
    const slug = what
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '');
    const file = path.join(galleryFolder, `${this.#prefix}${String(this.#count).padStart(2, '0')}-${slug}.png`);
    await page.screenshot({ path: file, animations: 'disabled', caret: 'initial' });
    return file;
  }
}
