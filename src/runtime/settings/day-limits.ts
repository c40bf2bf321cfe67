import type { DayLimits } from '../../core/policy/day-budget.ts';
import { budgetKinds, limitNames } from '../../core/policy/limit-names.ts';
import type { SettingsFile } from './settings-schema.ts';

/** The day's limits of the settings, by kind. Apart from the reading of settings, which the editor loads on use. */
export function dayLimitsOf(perDay: NonNullable<NonNullable<SettingsFile['budget']>['perDay']>): DayLimits {
  return Object.fromEntries(budgetKinds.map((kind) => [kind, perDay[limitNames[kind].perDay]]));
}
