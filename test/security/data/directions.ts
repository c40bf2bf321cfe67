interface Direction {
  /** A value that makes more happen. `waits: false`: it never counts, so that there is nothing to confirm. */
  readonly widens?: { readonly value: unknown; readonly waits?: false };
  /** A value that makes less happen. */
  readonly narrows?: unknown;
}

/** The settings of the machine that the values below are compared with. */
export const machine = {
  worker: { maxParallel: 4, maxPerAgent: { CODEX: 3 } },
  isolation: 'none',
  worktrees: { onComplete: 'merge' },
  onDependencyFailed: 'go_on',
  policy: 'standard',
  budget: { perDay: { tokens: 100, costUsd: 100, minutes: 100, iterations: 100 } },
};

/** For each setting a value in each direction that it has. */
export const directions: Readonly<Record<string, Direction>> = {
  agents: { widens: { value: { mine: { command: 'mine' } } } },
  'worker.maxParallel': { widens: { value: 5 }, narrows: 3 },
  'worker.maxPerAgent': { widens: { value: { CODEX: 4 } }, narrows: { CODEX: 2 } },
  'worker.sessionIdleMinutes': { widens: { value: 1 } },
  'worker.agentTools': { widens: { value: true }, narrows: false },
  'worker.rateLimit': { widens: { value: 'fail' } },
  isolation: { narrows: 'worktree' },
  'worktrees.quotaMb': { widens: { value: 1 } },
  'worktrees.link': { widens: { value: ['node_modules'] } },
  'worktrees.copy': { widens: { value: ['node_modules'] } },
  'worktrees.submodules': { widens: { value: false } },
  'worktrees.setup': { widens: { value: 'npm ci' } },
  'worktrees.branchPrefix': { widens: { value: 'tasks/' } },
  'worktrees.place': { widens: { value: 'outside' } },
  'worktrees.remote': { widens: { value: 'backup' }, narrows: 'none' },
  'worktrees.onComplete': { narrows: 'review' },
  'checkpoints.minutes': { widens: { value: false } },
  'checkpoints.keep': { widens: { value: 1 } },
  'logs.plainMegabytes': { widens: { value: 1 } },
  'logs.maxMegabytes': { widens: { value: 1 } },
  'logs.maxRunMegabytes': { widens: { value: 5 } },
  'budget.perDay.tokens': { widens: { value: 200, waits: false }, narrows: 1 },
  'budget.perDay.costUsd': { widens: { value: 200, waits: false }, narrows: 1 },
  'budget.perDay.minutes': { widens: { value: 200, waits: false }, narrows: 1 },
  'budget.perDay.iterations': { widens: { value: 200, waits: false }, narrows: 1 },
  'archive.afterDays': { widens: { value: 1 } },
  'store.url': { widens: { value: 'postgres://db.example.com/tasks' } },
  'store.name': { widens: { value: 'shop' } },
  'plan.closeIssues': { widens: { value: true }, narrows: false },
  'plan.tickSource': { widens: { value: true }, narrows: false },
  'prompt.lessons': { widens: { value: true }, narrows: false },
  onDependencyFailed: { widens: { value: 'cancel' }, narrows: 'block' },
  hooks: { widens: { value: [{ command: 'notify' }] } },
  recovery: { widens: { value: { AgentCrashed: true } } },
  policy: { narrows: 'ask' },
  rules: { widens: { value: [{ allow: 'web_search' }] }, narrows: [{ deny: 'web_search' }] },
};
