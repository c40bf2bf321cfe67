import type { Scenario } from '../scenario.ts';
import { approvals } from './approvals.ts';
import { endings } from './endings.ts';
import { failures } from './failures.ts';

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [...approvals, ...endings, ...failures];
