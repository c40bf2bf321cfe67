import type { PlanWords } from '../../webviews/plan/protocol.ts';
import { l10n } from '../present/l10n.ts';

/** The texts of the page of a plan. */
export function planWords(): PlanWords {
  return {
    list: l10n.t('Tasks of the plan'),
    include: l10n.t('Include {0}', '{0}'),
    title: l10n.t('Title'),
    agent: l10n.t('Agent'),
    keepAgent: l10n.t('As planned ({0})', '{0}'),
    phases: l10n.t('Agents of its phases'),
    agentForAll: l10n.t('Agent for All…'),
    tokens: l10n.t('Tokens'),
    cost: l10n.t('US dollars'),
    minutes: l10n.t('Minutes'),
    shortMinutes: l10n.t('{0} min', '{0}'),
    limits: l10n.t('Limits'),
    noLimits: l10n.t('None'),
    notPositive: l10n.t('A limit is a number greater than 0. This value is not applied.'),
    after: l10n.t('Starts after'),
    description: l10n.t('Description'),
    details: l10n.t('Selected task'),
    group: l10n.t('Group'),
    expand: l10n.t('Expand {0}', '{0}'),
    collapse: l10n.t('Collapse {0}', '{0}'),
    all: l10n.t('Check All'),
    none: l10n.t('Clear All'),
    selected: l10n.t('{0} of {1} selected', '{0}', '{1}'),
    score: l10n.t('Score {0}', '{0}'),
    dismiss: l10n.t('Dismiss Suggestion'),
    notes: l10n.t('Notes ({0})', '{0}'),
    problems: l10n.t('Problems'),
    fill: l10n.t('Preview'),
    optional: l10n.t('optional'),
    createOne: l10n.t('Create 1 Task'),
    createMany: l10n.t('Create {0} Tasks', '{0}'),
    applyChanges: l10n.t('Create {0}, Update {1}', '{0}', '{1}'),
    createNothing: l10n.t('Nothing to Create'),
    start: l10n.t('Create and Start'),
    empty: l10n.t('No tasks were found.'),
  };
}
