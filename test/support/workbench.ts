import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { root } from '../../scripts/process.ts';
import { installVsix, linkExtension } from '../../scripts/workbench/extension.ts';
import { ensureWorkbench, type Workbench } from '../../scripts/workbench/install.ts';
import { startServer, type WorkbenchServer } from '../../scripts/workbench/server.ts';
import { type Theme, testSettings } from '../../scripts/workbench/settings.ts';
import { launchBrowser } from './browser.ts';
import { Gallery } from './gallery.ts';
import { Window } from './window.ts';

/** What a test needs of its workbench. */
export interface WorkbenchOptions {
  /** Names the pictures: `<gallery>-01-<what>.png`. */
  readonly gallery?: string;
  /** `on`: folders open restricted, without a prompt. Default `off`: every folder is trusted. */
  readonly trust?: 'on' | 'off';
  /** Settings besides the pinned ones. */
  readonly settings?: Record<string, unknown>;
}

/** A window to open. */
export interface WindowOptions {
  /** All windows of one workbench share their theme: opening one with another theme may repaint the others. Default `dark`. */
  readonly theme?: Theme;
  readonly width?: number;
  readonly height?: number;
}

/** One server and one browser for a test file; any number of windows on it. Close it in an `after` hook. */
export class TestWorkbench {
  readonly gallery: Gallery;
  readonly #server: WorkbenchServer;
  readonly #browser: Browser;
  readonly #base: string;
  readonly #options: WorkbenchOptions;

  /** Installs what is missing, starts the server with the extension in it, and the browser: 1–2 s when all is there. */
  static async start(options: WorkbenchOptions = {}): Promise<TestWorkbench> {
    const workbench = await ensureWorkbench();
    const base = await mkdtemp(path.join(tmpdir(), 'ui-'));
    // Installed as a user would, where `npm test` names one; else this checkout's build is linked.
    const vsix = process.env.UI_VSIX;
    const linked = vsix === undefined || vsix === '';
    const extensionsDir = linked ? path.join(base, 'extensions') : await installOnce(workbench, vsix);
    if (linked) await linkExtension(extensionsDir, root);
    const server = await startServer(workbench, {
      dataDir: base,
      extensionsDir,
      settings: settings('dark', options),
      trust: options.trust ?? 'off',
      forTests: true,
    });
    try {
      return new TestWorkbench(server, await launchBrowser(), base, options);
    } catch (error) {
      await server.stop();
      throw error;
    }
  }

  private constructor(server: WorkbenchServer, browser: Browser, base: string, options: WorkbenchOptions) {
    this.#server = server;
    this.#browser = browser;
    this.#base = base;
    this.#options = options;
    this.gallery = new Gallery(options.gallery);
  }

  /** Opens a window on a folder, and waits until its extension host has started what it starts with. */
  async open(folder: string, options: WindowOptions = {}): Promise<Window> {
    const file = path.join(this.#base, 'data', 'User', 'settings.json');
    await writeFile(file, JSON.stringify(settings(options.theme ?? 'dark', this.#options)));
    // A context of its own: what one window keeps in the browser is not another's.
    const context = await this.#browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      reducedMotion: 'reduce',
    });
    const page = await context.newPage();
    const window = new Window(page, this.gallery);
    await page.goto(this.#server.address(folder));
    await window.waitUntilLive();
    return window;
  }

  /** Ends everything and removes its folder. */
  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    await rm(this.#base, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Installs a VSIX beside it: an installation takes 2 s, and all files of a test run can read the same one. */
async function installOnce(workbench: Workbench, vsix: string): Promise<string> {
  const { mtimeMs, size } = await stat(vsix);
  const folder = `${vsix}.installed`;
  const extensionsDir = path.join(folder, `${Math.trunc(mtimeMs)}-${size}`);
  if (existsSync(extensionsDir)) return extensionsDir;
  await rm(folder, { recursive: true, force: true });
  const installing = path.join(folder, 'installing');
  await installVsix(workbench, installing, vsix);
  await rename(installing, extensionsDir);
  return extensionsDir;
}

function settings(theme: Theme, options: WorkbenchOptions): Record<string, unknown> {
  return testSettings(theme, {
    'security.workspace.trust.startupPrompt': 'never',
    ...options.settings,
  });
}
