import { existsSync } from 'node:fs';
import { canInstallPackages, installPackages, onPath } from '../apt.ts';
import { Unavailable } from '../process.ts';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The browser that drives the web workbench: `CHROMIUM_PATH`, else one that is installed, else Debian's
 * `chromium` installed on the spot when running as root. Playwright's own download needs a network that CI may not have.
 */
export async function ensureChromium(): Promise<string> {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Unavailable(`CHROMIUM_PATH names ${named}, which does not exist.`);
  }
  const found = findChromium();
  if (found !== undefined) return found;
  if (canInstallPackages()) {
    await installPackages(['chromium', 'fonts-dejavu-core'], 'the browser for tests');
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new Unavailable('No Chromium found. Install Chromium or Chrome, or set CHROMIUM_PATH to one.');
}

function findChromium(): string | undefined {
  return commands.map(onPath).find((file) => file !== undefined) ?? applications.find((file) => existsSync(file));
}
