import assert from 'node:assert/strict';
import type { TaskRecord } from '../../../../src/core/task/schema.ts';
import type { ModelError } from '../../../support/scripted-model/turn.ts';
import type { Bench } from '../bench.ts';
import type { Scenario } from '../scenario.ts';

/** Whether a failure of the model shows as one, with a code and something to do. */
function isReported(task: TaskRecord): void {
  assert.ok(['failed', 'paused'].includes(task.status), `it is ${task.status}`);
  assert.ok(task.error_code !== undefined, 'it has no code');
  assert.ok((task.error ?? '').length > 10, 'it has no reason');
  // A task that waits for the end of a rate limit resumes by itself.
  const resumes = task.rate_limit_until !== undefined;
  assert.ok(resumes || (task.error_next ?? []).length > 0, 'it says nothing about what to do next');
}

function failing(what: string, error: ModelError): Scenario {
  const row = `model answers ${what}: reported with code and next step`;
  return {
    name: `reports that the model answers ${what}`,
    checks: [row],
    script: [{ error }],
    waits: error.status >= 429,
    async drive(bench, check) {
      await bench.start('Think');
      await check(row, async () => isReported(await ends(bench)));
    },
  };
}

const refused: Scenario = {
  name: 'reports that the model cannot be reached',
  checks: ['model refuses the connection: reported with code and next step'],
  script: [],
  waits: true,
  async drive(bench, check) {
    await bench.model.close();
    await bench.start('Think');
    await check('model refuses the connection: reported with code and next step', async () =>
      isReported(await ends(bench)),
    );
  },
};

/** An agent that retries for minutes is waited for as long as the person would be. */
async function ends(bench: Bench): Promise<TaskRecord> {
  return bench.reaches(['completed_active', 'completed', 'failed', 'cancelled', 'paused']);
}

export const failures: readonly Scenario[] = [
  failing('401', { status: 401 }),
  failing('429', { status: 429, retryAfterS: 1 }),
  failing('500', { status: 500, retryAfterS: 1 }),
  failing('404 for an unknown model', { status: 404 }),
  refused,
];
