/** Each makes more happen than a person on this machine decided. */
export const wideningSettings: readonly object[] = [
  { worktrees: { onComplete: 'merge' } },
  { worktrees: { link: ['node_modules'] } },
  { worktrees: { quotaMb: 1 } },
  { isolation: 'none' },
  { recovery: { ToolPermissionDenied: true } },
  { recovery: { AgentCrashed: { action: 'retry', attempts: 3 } } },
  { worker: { maxParallel: 64 } },
  { worker: { sessionIdleMinutes: 10_000 } },
  { checkpoints: { minutes: false } },
  { checkpoints: { keep: 1 } },
  { onDependencyFailed: 'go_on' },
  { onDependencyFailed: 'cancel' },
  { logs: { plainMegabytes: 1 } },
  { archive: { afterDays: 1 } },
  { prompt: { lessons: true } },
];

/** Name, wrong part of a file, words of the faults, and whether the part may hide a limit or a rule that denies. */
export const faultyFiles: readonly (readonly [string, object, readonly string[], boolean])[] = [
  ['a wrong number', { worker: { maxParallel: 'many' } }, ['worker.maxParallel'], false],
  ['a wrong word', { policy: 'everything' }, ['policy'], false],
  [
    'two faults',
    { worker: { maxParallel: 0 }, archive: { afterDays: -1 } },
    ['worker.maxParallel', 'archive.afterDays'],
    false,
  ],
  ['a wrong limit', { budget: { perDay: { tokens: 'few' } } }, ['budget.perDay.tokens'], true],
  [
    'a wrong rule that allows',
    { rules: [{ deny: 'web_search' }, { allow: 'command', pattern: 'hyperfine *' }] },
    ['not known to be harmless'],
    false,
  ],
  ['a wrong rule that denies', { rules: [{ deny: 'web_search' }, { deny: 'webb_search' }] }, ['rules.1'], true],
];
