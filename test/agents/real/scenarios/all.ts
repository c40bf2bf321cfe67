import type { Scenario } from '../scenario.ts';
import { approvals } from './approvals.ts';
import { choices } from './choices.ts';
import { detections } from './detection.ts';
import { endings } from './endings.ts';
import { failures } from './failures.ts';
import { limits } from './limits.ts';
import { ownTasks } from './own-tools.ts';
import { resumptions } from './resumes.ts';

/** Every scenario, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  ...detections,
  ...approvals,
  ...choices,
  ...ownTasks,
  ...endings,
  ...resumptions,
  ...limits,
  ...failures,
];
