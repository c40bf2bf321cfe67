import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { resumeSession, setResumeSession } from '../../../src/core/task/resume-session.ts';

describe('the session to resume', () => {
  it('is read from its former key as well', () => {
    assert.equal(resumeSession({ resume_session_id: 'new', goes_on_with: 'old' }), 'new');
    assert.equal(resumeSession({ goes_on_with: 'old' }), 'old');
    assert.equal(resumeSession({}), undefined);
  });

  it('is written under its present key only', () => {
    assert.deepEqual(setResumeSession('new'), { resume_session_id: 'new', goes_on_with: undefined });
    assert.deepEqual(setResumeSession(undefined), { resume_session_id: undefined, goes_on_with: undefined });
  });
});
