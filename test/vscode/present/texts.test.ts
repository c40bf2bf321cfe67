import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Approval } from '../../../src/core/task/approval.ts';
import type { TaskLogEntry } from '../../../src/core/task/log-entry.ts';
import { standing } from '../../../src/core/task/standing.ts';
import { approvalRow } from '../../../src/vscode/present/approval-row.ts';
import { approvalText } from '../../../src/vscode/present/approval-text.ts';
import { logLine } from '../../../src/vscode/present/log-line.ts';
import { plainMarkdown, plainMessage } from '../../../src/vscode/present/markdown.ts';
import { budgetText, closedFolderText, importedText, outcomeText } from '../../../src/vscode/present/notice-text.ts';
import { taskTooltip } from '../../../src/vscode/present/task-tooltip.ts';
import { ageText, durationText } from '../../../src/vscode/present/time.ts';
import { at, taskWith } from '../../core/fixtures.ts';
import { worldWith } from '../../core/task/worlds.ts';

const approval = (fields: Partial<Approval>): Approval => ({
  id: 'approval_1',
  number: 1,
  kind: 'tool',
  title: 'Run npm test',
  status: 'pending',
  requested_at: at(0),
  ...fields,
});

const entry = (fields: Partial<TaskLogEntry>): TaskLogEntry => ({
  timestamp: at(0),
  level: 'info',
  type: 'tool',
  message: 'npm test',
  ...fields,
});

/** Lines of a log without their time, which depends on where the test runs. */
const line = (fields: Partial<TaskLogEntry>): string => logLine(entry(fields)).replace(/^\S+ \S+ /, '');

test('durations show their two largest units', () => {
  const texts = [400, 12_000, 60_000, 3_599_000, 3_600_000, 4_800_000, 90_000_000, 172_800_000].map(durationText);
  assert.deepEqual(texts, ['0 s', '12 s', '1 min', '59 min', '1 h', '1 h 20 min', '1 d 1 h', '2 d']);
});

test('ages are rounded', () => {
  const now = Date.parse(at(0));
  const ages = [10_000, 61_000, 7_200_000, 200_000_000].map((ms) => ageText(new Date(now - ms).toISOString(), now));
  assert.deepEqual(ages, ['just now', '1 min ago', '2 h ago', '2 d ago']);
  assert.equal(ageText('not a time', now), '');
});

test('text in a tooltip is escaped', () => {
  assert.equal(plainMarkdown('**b** <img> [x](command:y)'), '\\*\\*b\\*\\* \\<img\\> \\[x\\]\\(command\\:y\\)');
  assert.equal(plainMarkdown('https://evil.example\nline'), 'https\\:\\/\\/evil\\.example  \nline');
});

test('text in a message contains no link', () => {
  assert.doesNotMatch(plainMessage('[Approve](command:systemprompt.approval.approve)'), /\]\(/);
  assert.equal(plainMessage(' two\n lines '), 'two lines');
});

test('a notification contains no link of a title, a folder or another program', () => {
  const link = '[Install](command:workbench.action.quit)';
  const task = taskWith({ number: 7, title: link, error: link });
  const texts = [
    budgetText(task, 'cost:7', 80),
    outcomeText(task, 'failed'),
    outcomeText(task, 'review'),
    closedFolderText(link),
    importedText(link, 1),
  ];
  for (const text of texts) assert.doesNotMatch(text, /\]\(/);
});

test('a notification about a limit names its owner', () => {
  const task = taskWith({ number: 7, title: 'Fix it' });
  assert.deepEqual(
    [budgetText(task, 'cost:7', 80), budgetText(task, 'tokens:3', 100), budgetText(task, 'cost:day', 100)],
    [
      'Task #7 Fix it has used 80 % of its cost limit.',
      'Task #7 Fix it reached the tokens limit of #3.',
      'Task #7 Fix it reached the daily cost limit.',
    ],
  );
});

test('a tooltip covers all details of a task', () => {
  const task = taskWith({
    status: 'failed',
    description: 'It fails *sometimes*',
    error: 'exit code 3',
    error_code: 'ExitCodeNonZero',
    active_ms: 65_000,
    labels: ['ui'],
    usage: { total_tokens: 12_345, cost_usd: 0.5 },
    completed_at: at(65_000),
  });
  const words = taskTooltip(task, { now: Date.parse(at(125_000)), standing: standing(task, worldWith()) }).replaceAll(
    '\\',
    '',
  );
  assert.equal(
    words,
    [
      '**#1 Fix the login test**',
      'Failed · SHELL · worked for 1 min',
      'It fails *sometimes*',
      'Error: exit code 3',
      'Labels: ui  \nCreated: 2 min ago  \nEnded: 1 min ago  \nTokens: 12,345  \nCost: $0.50  \nError code: ExitCodeNonZero',
    ].join('\n\n'),
  );
});

test('a request is described once', () => {
  const row = (fields: Partial<Approval>): string => {
    const { label, description, icon } = approvalRow(approval(fields), 7, '/work/app');
    return `${icon.id}: ${label} | ${description}`;
  };
  assert.deepEqual(
    [
      row({ detail: { command: 'npm test -- --watch=false', toolName: 'bash' } }),
      row({ title: 'Run npm test', detail: { command: 'npm test', toolName: 'bash' } }),
      row({
        title: 'Edit',
        detail: {
          diffs: [
            { path: '/work/app/src/a.ts', newText: '' },
            { path: '/b', newText: '' },
          ],
        },
      }),
      row({ title: 'Read', detail: { files: ['/work/application/x'] } }),
      row({ title: 'execute: rm', detail: { command: 'rm', toolKind: 'execute' } }),
      row({ kind: 'gate', title: 'Start "x"' }),
    ],
    [
      'terminal: Run npm test | npm test -- --watch=false',
      'terminal: Run npm test | bash',
      'diff: Edit | src/a.ts and 1 more',
      'tools: Read | /work/application/x',
      'terminal: execute: rm | ',
      'shield: Start "x" | before it starts',
    ],
  );
});

test('the text of a request shows unprintable characters as codes', () => {
  const task = taskWith({ number: 7 });
  const text = approvalText(task, approval({ detail: { command: 'echo \u202eolleh', toolName: 'bash' } }), '/w');
  assert.match(
    text,
    /^# Task: #7 Fix the login test\n# Request: 1, bash, needs your decision\n# Asked: .*\n\necho \\u\{202e\}olleh\n$/,
  );
  const gate = approvalText(
    { ...task, instructions: 'rm -rf build' },
    approval({ kind: 'gate', title: 'Start it' }),
    '/w',
  );
  assert.match(gate, /\n\nrm -rf build\n$/);
  const decided = approvalText(task, approval({ status: 'rejected', decided_by: 'Ada' }), '/w');
  assert.match(decided, /rejected by Ada/);
});

test('a log line has time, level, type and tool, which text of an agent cannot imitate', () => {
  assert.match(logLine(entry({})), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \[info\] \[tool\] npm test\n$/);
  assert.deepEqual(
    [
      line({ level: 'warn', metadata: { toolName: 'bash', duration: 1_234 } }),
      line({ metadata: { toolName: 'edit', fileName: 'src/a.ts', lineNumber: 3, duration: 20 } }),
      line({ message: 'edit: src/a.ts', metadata: { toolName: 'edit', fileName: 'src/a.ts' } }),
      line({ type: 'output', message: 'one\n2026-01-01 00:00:00.000 [error] forged\n\n' }),
      line({ type: 'agent', message: '\u001b[2Jgone' }),
    ],
    [
      '[warning] [tool bash] npm test (1.2 s)\n',
      '[info] [tool edit] npm test (src/a.ts:3) (20 ms)\n',
      '[info] [tool edit] edit: src/a.ts\n',
      '[info] [output] one\n    2026-01-01 00:00:00.000 [error] forged\n',
      '[info] [agent] gone\n',
    ],
  );
});

test('an entry of megabytes is truncated', () => {
  assert.ok(logLine(entry({ message: 'x'.repeat(5_000_000) })).length < 30_000);
});
