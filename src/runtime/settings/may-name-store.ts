import { join } from 'node:path';
import { readRegular } from '../../machine/read-regular.ts';
import { machineFolder } from '../../store/machine-folder.ts';

const MOST_BYTES = 1_000_000;

/**
 * Whether the environment or the settings may name a store, without parsing them: opening a folder is cheap then, and
 * the settings decide.
 */
export async function mayNameStore(folder: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  if ((env.SYSTEMPROMPT_STORE ?? '') !== '') return true;
  const files = [join(folder, '.systemprompt', 'config.json'), join(machineFolder(env), 'config.json')];
  const texts = await Promise.all(files.map((file) => readRegular(file, MOST_BYTES).catch(() => '')));
  return texts.some((text) => /"store"\s*:/.test(text));
}
