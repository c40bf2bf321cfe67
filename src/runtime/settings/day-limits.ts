import type { DayLimits } from '../../core/policy/day-budget.ts';
import type { SettingsFile } from './settings-schema.ts';

/** The day's limits of the settings, by kind. Apart from the reading of settings, which the editor loads on use. */
export function dayLimitsOf(perDay: NonNullable<NonNullable<SettingsFile['budget']>['perDay']>): DayLimits {
  const { tokens, costUsd: cost, minutes, iterations } = perDay;
  return { tokens, cost, minutes, iterations };
}
