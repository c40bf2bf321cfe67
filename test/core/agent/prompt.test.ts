import assert from 'node:assert/strict';
import { test } from 'node:test';
import { continuePrompt, promptFor, resumePrompt } from '../../../src/core/agent/prompt.ts';
import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import { at, newTask } from '../fixtures.ts';

const question =
  'End your last message with a question only if you cannot continue without the answer: a person is asked then.';

test('an agent prompt states the tool limits before the work', () => {
  const told = (allowedTools: string[]): string =>
    promptFor(newTask({ tool: 'OPENCODE', title: 'x', constraints: { allowed_tools: allowedTools } }));
  const some = told(['file_operations:read(src/**)', 'code_execution(npm test)', 'mcp:github']);
  assert.ok(some.includes('- read files that match src/**\n- run commands that begin with `npm test`\n'));
  assert.ok(some.includes('- use the tools of the MCP server "github"'));
  assert.match(some, /Anything else is refused/);
  assert.match(told([]), /You may use no tools/);
  assert.doesNotMatch(promptFor(newTask({ tool: 'OPENCODE', title: 'x' })), /## Tools/);
});

test('an agent prompt contains the goal, the context and the criteria (F130)', () => {
  const task = newTask({
    tool: 'OPENCODE',
    title: 'Add login',
    description: 'With JWT',
    instructions: 'Use FastAPI',
    acceptanceCriteria: ['Tests pass', 'Docs say so'],
  });
  assert.equal(
    promptFor(task),
    `# Add login\n\nWith JWT\n\n## Instructions\n\nUse FastAPI\n\n## It is done when\n\n- Tests pass\n- Docs say so\n\n${question}`,
  );
});

test('an agent prompt repeats nothing and omits empty sections', () => {
  assert.equal(promptFor(newTask({ tool: 'OPENCODE', title: 'Add login' })), `# Add login\n\n${question}`);
});

test('a shell receives its script unchanged and nothing else', () => {
  const script = '  echo "# $HOME"\n\texit 3\n';
  assert.equal(promptFor(newTask({ tool: 'SHELL', title: 'Run', instructions: script })), script);
  assert.equal(promptFor(newTask({ tool: 'SHELL', title: 'Run', description: 'rm -rf /' })), '');
});

test('a resumed session continues instead of starting over', () => {
  assert.match(resumePrompt(newTask({ title: 'Add login' })), /interrupted while working on "Add login".*continue/);
});

test('a new session after a lost one gets the task and the end of the earlier work', () => {
  const task = newTask({ tool: 'OPENCODE', title: 'Add login' });
  const line = (type: TaskLogEntry['type'], message: string, level: TaskLogEntry['level'] = 'info'): TaskLogEntry => ({
    timestamp: at(1),
    level,
    type,
    message,
  });
  const log = [
    line('system', 'Started'),
    line('agent', 'I look'),
    line('tool', 'edit a.js'),
    line('agent', 'x', 'debug'),
  ];
  const prompt = continuePrompt(task, log);
  assert.ok(prompt.startsWith('# Add login\n\n'));
  assert.ok(prompt.endsWith('\n\n- agent: I look\n- tool: edit a.js'));
  assert.equal(continuePrompt(task, [line('system', 'Started')]), promptFor(task));
  const long = continuePrompt(
    task,
    Array.from({ length: 1_000 }, (_, index) => line('agent', `step ${index}`)),
  );
  assert.ok(long.length < 7_000 && long.endsWith('step 999'));
});
