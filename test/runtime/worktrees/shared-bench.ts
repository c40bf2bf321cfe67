import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { findRepository, type Repository } from '../../../src/runtime/worktrees/repository.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { type WorktreeBench, worktreeBench } from './bench.ts';
import { type TestRepository, testRepository } from './repository.ts';

export interface Shared extends WorktreeBench {
  readonly remote: TestRepository;
  /** Another checkout of the remote. */
  clone(): Promise<{ readonly checkout: TestRepository; readonly repository: Repository }>;
}

/** Worktrees of a store that several machines share, with a remote. */
export async function shared(context: TestContext): Promise<Shared> {
  const bench = await worktreeBench(context);
  Object.defineProperty(bench.store.coordination, 'isShared', { value: true });
  const remote = testRepository(tempFolder(context), false);
  remote.git('init', '--quiet', '--bare', '--initial-branch=main');
  bench.repository.git('remote', 'add', 'origin', remote.folder);
  bench.repository.git('push', '--quiet', 'origin', 'main');
  return {
    ...bench,
    remote,
    async clone() {
      const checkout = testRepository(tempFolder(context), false);
      // A clone of a path would copy objects that no branch has.
      checkout.git('clone', '--quiet', `file://${remote.folder}`, '.');
      const repository = await findRepository(checkout.folder);
      assert.ok(!('reason' in repository));
      return { checkout, repository };
    },
  };
}
