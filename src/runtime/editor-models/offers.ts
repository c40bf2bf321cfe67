import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelAccess, ModelOffer } from '../../core/editor-model/offer.ts';
import { liveness, type ProcessIdentity } from '../../machine/identity.ts';
import { type Environment, machineFolder } from '../../store/machine-folder.ts';

/** Offers of one folder that are read. */
const MAX_OFFERS = 50;

/** The folder of the conversations with models of an editor. */
export function conversationsFolder(env: Environment = process.env): string {
  return join(machineFolder(env), 'editor-sessions');
}

/**
 * The offers of the open windows of a folder, from files that each window keeps. An offer whose window has ended does
 * not count.
 *
 * @param folder absolute
 */
export function modelOffers(folder: string, env: Environment = process.env): ModelOffer[] {
  const place = offersFolder(folder, env);
  const names = filesIn(place).filter((name) => name.endsWith('.json'));
  return names.slice(0, MAX_OFFERS).flatMap((name) => offerIn(join(place, name)));
}

/** Names of the files of a folder with offers. */
export function filesIn(place: string): string[] {
  try {
    return readdirSync(place);
  } catch {
    return []; // No window of this folder has made an offer yet.
  }
}

/** The folder with the offers for a folder, by its real path: a window may have opened it by a link. */
export function offersFolder(folder: string, env: Environment): string {
  const name = createHash('sha256').update(realOf(folder)).digest('hex').slice(0, 32);
  return join(machineFolder(env), 'windows', name);
}

function realOf(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return folder;
  }
}

/** Empty for a window that has ended, and for a file that makes no sense. */
export function offerIn(path: string): ModelOffer[] {
  try {
    const { owner, access } = JSON.parse(readFileSync(path, 'utf8')) as {
      owner: ProcessIdentity;
      access?: ModelAccess;
    };
    // The agent checks the rest when it opens a session.
    if (liveness(owner) !== 'alive' || access?.models.length === 0) return [];
    return [{ access }];
  } catch {
    return [];
  }
}
