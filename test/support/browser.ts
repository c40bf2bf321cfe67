import { type Browser, chromium } from 'playwright-core';
import { ensureChromium } from '../../scripts/workbench/chromium.ts';

const args = [
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // A page in the background is as awake as one in front: several windows are tested at once.
  '--disable-renderer-backgrounding',
  '--disable-background-timer-throttling',
];

/** A headless Chromium. Set UI_HEADED=1 to watch it work. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await ensureChromium();
  // Chromium refuses its sandbox to root, which is what a container's CI runs as.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath, args: [...args, ...sandbox], headless: process.env.UI_HEADED !== '1' });
}
