import type { Scenario } from '../scenario.ts';

export const failures: readonly Scenario[] = [];
