import { randomBytes } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelAccess } from '../../core/editor-model/offer.ts';
import { ownIdentity } from '../../machine/identity.ts';
import type { Environment } from '../../store/machine-folder.ts';
import { makeFolders } from '../../store/make-folders.ts';
import { filesIn, offerIn, offersFolder } from './offers.ts';

/**
 * Offers the models of this process for a folder until the returned function is called.
 *
 * @param folder absolute
 * @param access undefined before the person has allowed the use of the models
 */
export async function offerModels(
  folder: string,
  access: ModelAccess | undefined,
  env: Environment = process.env,
): Promise<() => Promise<void>> {
  const place = offersFolder(folder, env);
  await makeFolders(place);
  const path = join(place, `${process.pid}-${randomBytes(6).toString('hex')}.json`);
  await writeFile(`${path}.new`, JSON.stringify({ owner: ownIdentity(), access }), { mode: 0o600, flag: 'wx' });
  await rename(`${path}.new`, path);
  return () => rm(path, { force: true });
}

/** Removes the files of windows that have ended. */
export async function clearOffers(folder: string, env: Environment = process.env): Promise<void> {
  const place = offersFolder(folder, env);
  for (const name of filesIn(place))
    if (offerIn(join(place, name)).length === 0) await rm(join(place, name), { force: true });
}
