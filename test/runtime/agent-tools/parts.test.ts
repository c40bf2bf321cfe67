import assert from 'node:assert/strict';
import { test } from 'node:test';
import { claim } from '../../../src/core/task/run.ts';
import { requestStart } from '../../../src/core/task/start.ts';
import { createPart } from '../../../src/runtime/agent-tools/parts.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { tempFolder } from '../../support/temp-folder.ts';

test('a part has the limits of the step whose agent creates it, and the rules of its parent', async (context) => {
  const store = await TaskStore.open({ folder: tempFolder(context), watch: false });
  context.after(() => store.close());
  const { id } = await store.createTask({
    title: 'Whole',
    workflow: [{ agent: 'CODEX', phase: 'design', constraints: { allowed_tools: ['file_operations:read'] } }],
    constraints: { approvals: 'ask' },
    collaborationMode: 'supervised',
    onComplete: 'review',
  });
  const lease = { worker: 'w', host: 'h', pid: 1, started: 'x', expires_at: '2999-01-01T00:00:00.000Z' };
  await store.transact('test.claim', (draft) => {
    draft.patch(id, requestStart(draft.require(id), draft.at));
    const execution = { id: 'e', agent: 'CODEX', worker: 'w', started_at: draft.at };
    draft.patch(id, claim(draft.require(id), lease, execution, draft.at));
  });
  const run = { store, taskId: id, executionId: 'e', worker: 'w', playing: false };
  const { number } = await createPart(run, { title: 'Part' });
  const part = store.resolve(String(number));
  assert.deepEqual(part.constraints, { allowed_tools: ['file_operations:read'], approvals: 'ask' });
  assert.deepEqual([part.collaboration_mode, part.on_complete], ['supervised', 'review']);
});
