import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CodeProblem, problemSuggestions } from '../../../src/core/analysis/problems.ts';

const problem = (path: string, line: number, severity: 'error' | 'warning'): CodeProblem => ({
  path,
  line,
  severity,
  message: `Wrong in line ${line}.\nMore about it.`,
  source: 'ts',
});

test('problems of an editor become one suggestion for each file, errors above warnings', () => {
  const [a, b] = problemSuggestions([
    problem('src/a.ts', 3, 'warning'),
    problem('src/b.ts', 1, 'error'),
    problem('src/b.ts', 9, 'warning'),
  ]);
  assert.deepEqual([a?.key, a?.score, a?.title], ['diagnostics:src/a.ts', 0.6, 'Fix a problem in src/a.ts']);
  assert.deepEqual([b?.key, b?.score, b?.title], ['diagnostics:src/b.ts', 0.82, 'Fix 2 problems in src/b.ts']);
  assert.match(b?.description ?? '', /- line 1: error \(ts\): Wrong in line 1\.\n- line 9: warning/);
  assert.ok(!b?.description.includes('More about it'));
});
