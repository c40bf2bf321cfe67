import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';
import type { Environment } from '../../store/machine-folder.ts';
import type { SettingsFile } from './settings-schema.ts';

/** The environment variable that names the store of every command that is started with it. */
export const STORE_VARIABLE = 'SYSTEMPROMPT_STORE';

/** The word that stands for the files of the folder. */
const FILES = 'files';

/**
 * The address of the store: as given, else that of the environment, else that of the settings; undefined for the files of
 * the folder. Only the environment may contain a password, because other users can see a command line and a settings
 * file.
 *
 * @throws TaskError `InvalidInput` for an address with a password, or one that names a variable that is not set
 */
export function storeAddress(
  given: string | undefined,
  settings: SettingsFile['store'],
  env: Environment = process.env,
): string | undefined {
  if (given !== undefined) return resolved(given, 'on the command line', env);
  const inherited = env[STORE_VARIABLE];
  if (inherited !== undefined && inherited !== '') return inherited === FILES ? undefined : inherited;
  if (settings?.url === undefined) return undefined;
  return named(resolved(settings.url, 'in the settings', env), settings.name);
}

function resolved(text: string, where: string, env: Environment): string | undefined {
  if (text === FILES) return undefined;
  const variable = /^env:(\w+)$/.exec(text)?.[1];
  if (variable === undefined) return withoutPassword(text, where);
  const value = env[variable];
  if (value !== undefined && value !== '') return value;
  throw new TaskError('InvalidInput', `The environment variable ${variable} names the store, and it is not set.`, {
    next: [textStep(`Set ${variable} to an address such as postgres://user@host:5432/database.`)],
  });
}

function withoutPassword(text: string, where: string): string {
  if (!URL.canParse(text) || new URL(text).password === '') return text;
  throw new TaskError('InvalidInput', `The address of the store ${where} has a password.`, {
    next: [
      textStep(
        `Leave it out, and set PGPASSWORD, or add a line to ~/.pgpass. ${STORE_VARIABLE} may have a password, too.`,
      ),
    ],
  });
}

/** The name of the store in the settings, if the address has none. */
function named(address: string | undefined, name: string | undefined): string | undefined {
  if (address === undefined || name === undefined || !URL.canParse(address)) return address;
  const url = new URL(address);
  if (!url.searchParams.has('store')) url.searchParams.set('store', name);
  return url.href;
}
