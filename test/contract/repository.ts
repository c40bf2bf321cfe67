import { describe } from 'node:test';
import { archiveContract } from './repository/archive.ts';
import type { MakeRepository } from './repository/bench.ts';
import { indexContract } from './repository/indexes.ts';
import { logContract } from './repository/logs.ts';
import { numbersContract } from './repository/numbers.ts';
import { renewalContract } from './repository/renewals.ts';
import { transactionContract } from './repository/transactions.ts';

/** What every repository must do, wherever it keeps tasks. */
export function repositoryContract(name: string, make: MakeRepository): void {
  describe(`repository contract: ${name}`, () => {
    numbersContract(make);
    transactionContract(make);
    renewalContract(make);
    indexContract(make);
    logContract(make);
    archiveContract(make);
  });
}
