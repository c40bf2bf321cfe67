import { readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Environment } from '../environment.ts';
import { agentFolder } from './places.ts';

const MAX_BYTES = 1 << 20;

/**
 * True if telemetry of Gemini CLI is configured, on or off: in the environment, a `.env` file, or settings of the person, the
 * folder or the machine. Also true for a file that cannot be read.
 */
export async function configuresTelemetry(env: Environment, cwd: string): Promise<boolean> {
  if (Object.keys(env).some((name) => /^(?:GEMINI_TELEMETRY|OTEL)_/.test(name))) return true;
  const home = agentFolder(env, 'GEMINI_CLI_HOME');
  const folders = [...upwards(cwd), home];
  const settings = [
    join(home, '.gemini', 'settings.json'),
    join(cwd, '.gemini', 'settings.json'),
    machineSettings(env),
    machineDefaults(env),
  ];
  const variables = folders.flatMap((folder) => [join(folder, '.gemini', '.env'), join(folder, '.env')]);
  const names = await Promise.all([
    ...settings.map((file) => mentions(file, /"telemetry"/)),
    ...variables.map((file) => mentions(file, /(?:GEMINI_TELEMETRY|OTEL)_/)),
  ]);
  return names.includes(true);
}

/** The settings that take precedence over those of the person. */
function machineSettings(env: Environment): string {
  return env.GEMINI_CLI_SYSTEM_SETTINGS_PATH || systemSettings();
}

/** The settings that those of the person take precedence over. */
function machineDefaults(env: Environment): string {
  return env.GEMINI_CLI_SYSTEM_DEFAULTS_PATH || join(dirname(machineSettings(env)), 'system-defaults.json');
}

/** The settings may have comments, so that the text is searched instead of parsed. */
async function mentions(file: string, name: RegExp): Promise<boolean> {
  try {
    const about = await stat(file);
    if (!about.isFile() || about.size > MAX_BYTES) return true;
    return name.test(await readFile(file, 'utf8'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

function upwards(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

function systemSettings(): string {
  switch (process.platform) {
    case 'darwin':
      return '/Library/Application Support/GeminiCli/settings.json';
    case 'win32':
      return 'C:\\ProgramData\\gemini-cli\\settings.json';
    default:
      return '/etc/gemini-cli/settings.json';
  }
}
