import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { buttonsOf } from '../../../src/vscode/task/buttons.ts';
import { taskWith } from '../../core/fixtures.ts';

test('a race can be compared from its first result on, also after the pick', () => {
  const offer = (fields: Partial<TaskRecord>): string | undefined => {
    const button = buttonsOf(taskWith({ kind: 'group', race: {}, ...fields }), true).find(
      ({ action }) => action === 'pickResult',
    );
    return button && `${button.label}${button.primary ? ', primary' : ''}`;
  };
  assert.deepEqual(
    {
      pending: offer({ status: 'pending' }),
      running: offer({ status: 'in_progress' }),
      ended: offer({ status: 'paused', pause_reason: 'person' }),
      picked: offer({ status: 'in_progress', race: { picked: 'x' } }),
      merged: offer({ status: 'completed', race: { picked: 'x' } }),
    },
    {
      pending: undefined,
      running: 'Compare and Pick…',
      ended: 'Compare and Pick…, primary',
      picked: 'Compare Results',
      merged: 'Compare Results',
    },
  );
});
