import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TaskError } from '../../../src/core/errors.ts';
import type { Plan } from '../../../src/core/plan/plan.ts';
import { builtInTemplates } from '../../../src/formats/template/built-in.ts';
import { expandTemplate } from '../../../src/formats/template/expand.ts';
import { readTemplate } from '../../../src/formats/template/template.ts';

const builtIn = (name: string, values: Record<string, string>): Plan =>
  expandTemplate(readTemplate(builtInTemplates[name] ?? '', name), values);

const refuses = (run: () => unknown, pattern: RegExp): void => {
  assert.throws(run, (error: unknown) => TaskError.is(error, 'InvalidInput') && pattern.test(error.message));
};

describe('a workflow of agents', () => {
  const source = `name: Feature
fields: [{ name: goal, required: true }]
agent: CODEX
workflow:
  - { title: 'Design {{ goal }}', phase: design, agent: CLAUDECODE, resource_constraints: { max_tokens: '{{ 100 }}' } }
  - { title: implementation, description: 'Write {{ goal }}.', gate: true, checks: [npm test] }
`;

  it('is one task with phases, limits, gates and checks', () => {
    const [task, ...others] = expandTemplate(readTemplate(source, 'feature'), { goal: 'search' }).items;
    assert.deepEqual(others, []);
    assert.deepEqual([task?.kind, task?.children, task?.agent], ['work', undefined, undefined]);
    assert.deepEqual(JSON.parse(JSON.stringify(task?.workflow)), [
      { agent: 'CLAUDECODE', phase: 'design', description: 'Design search', constraints: { max_tokens: 100 } },
      { agent: 'CODEX', phase: 'implementation', description: 'Write search.', gate: true, checks: ['npm test'] },
    ]);
  });

  it('is parts if a step has no agent', () => {
    const [task] = expandTemplate(readTemplate(source.replace('agent: CODEX\n', ''), 'feature'), { goal: 'x' }).items;
    assert.deepEqual([task?.kind, task?.children?.length, task?.workflow], ['group', 2, undefined]);
  });
});

describe('the templates of the specification', () => {
  it('code-development has four parts, with limits by complexity (F191)', () => {
    const limits = ['simple', 'medium', 'complex'].map((complexity) => {
      const [task] = builtIn('code-development', { feature_name: 'search', complexity }).items;
      return [task?.constraints?.max_tokens, task?.constraints?.max_duration_minutes];
    });
    assert.deepEqual(limits, [
      [5_000, 60],
      [15_000, 180],
      [25_000, 360],
    ]);
    const [task] = builtIn('code-development', { feature_name: 'search' }).items;
    assert.equal(task?.kind, 'group');
    assert.deepEqual(
      task?.children?.map(({ title }) => title),
      [
        'Design search architecture',
        'Implement search core functionality',
        'Add tests for search',
        'Update documentation for search',
      ],
    );
    for (const part of task?.children ?? []) {
      assert.deepEqual(part.constraints?.allowed_tools, ['file_operations', 'code_execution', 'web_search']);
    }
  });

  it('bug-fix has four sequential steps, with limits by severity (F190, F192)', () => {
    const limits = ['low', 'medium', 'high', 'critical'].map((severity) => {
      const [task] = builtIn('bug-fix', { bug_description: 'Login fails', severity }).items;
      return [task?.constraints?.max_tokens, task?.constraints?.max_duration_minutes];
    });
    assert.deepEqual(limits, [
      [3_000, 30],
      [3_000, 60],
      [8_000, 180],
      [8_000, 180],
    ]);
    const [task] = builtIn('bug-fix', { bug_description: 'Login fails' }).items;
    const steps = task?.children ?? [];
    assert.equal(steps[0]?.title, 'Reproduce Login fails');
    assert.equal(steps[0]?.description, 'Verify the bug and understand its scope');
    assert.equal(
      steps[2]?.description,
      'Make necessary code changes to resolve the issue\n\nPart of "Bug Fix Task: Login fails".\n- bug_description: Login fails\n- severity: medium',
    );
    assert.deepEqual(
      steps.map(({ key, dependsOn }) => [key, dependsOn]),
      [
        ['workflow.1', []],
        ['workflow.2', ['workflow.1']],
        ['workflow.3', ['workflow.2']],
        ['workflow.4', ['workflow.3']],
      ],
    );
    assert.equal(task?.constraints?.allowed_tools?.length, 4);
  });
});

describe('values of fields (F186)', () => {
  it('are required, known and valid options', () => {
    refuses(() => builtIn('bug-fix', {}), /"bug_description" is required/);
    refuses(() => builtIn('bug-fix', { bug_description: ' ' }), /"bug_description" is required/);
    refuses(() => builtIn('bug-fix', { bug_description: 'x', severity: 'huge' }), /low, medium, high, critical/);
    refuses(() => builtIn('bug-fix', { bug: 'x' }), /no field "bug". Fields: bug_description, severity/);
    refuses(() => builtIn('code-development', { feature_name: 'a\nb' }), /single line/);
  });
});

describe('template files (F185)', () => {
  const read = (text: string): unknown => readTemplate(text, 'x.yml');

  it('report broken YAML with line and column', () => {
    refuses(() => read('name: "x"\nfields:\n  - name: a\n bad'), /^x\.yml, line \d+, column \d+: /);
    refuses(() => read('a: &a [x]\nname: *a'), /aliases are not supported/);
  });

  it('report the wrong key', () => {
    refuses(() => read('name: x\nfeilds: []'), /feilds/);
    refuses(() => read('name: x\nfields: [{ name: a, type: choice }]'), /needs options/);
    refuses(() => read('name: x\nfields: [{ name: a, type: choice, options: [b], default: c }]'), /not one of/);
    refuses(() => read('name: x\nfields: [{ name: a }, { name: a }]'), /two fields have the name "a"/);
    refuses(() => read('name: x\nsubtasks: []\nworkflow: []'), /not both/);
    refuses(() => read('name: x\nfields: [{ name: "__proto__x y" }]'), /name/);
  });

  it('accept a byte order mark and Windows line ends', () => {
    assert.deepEqual(readTemplate('\ufeffname: x\r\ndescription: y\r\n', 'x.yml').description, 'y');
  });

  it('reject a limit that is not a number and a dependency on an unknown part', () => {
    const limit = readTemplate('name: x\nresource_constraints: { max_tokens: "many" }', 'x.yml');
    refuses(() => expandTemplate(limit, {}), /max_tokens does not give a number/);
    const part = readTemplate('name: x\nsubtasks: [{ title: a, depends_on: [b] }]', 'x.yml');
    refuses(() => expandTemplate(part, {}), /no part has the title "b"/);
  });

  it('create a single task if there are no parts', () => {
    const [task] = expandTemplate(
      readTemplate('name: x\ntitle: Only\nagent: SHELL\ninstructions: echo', 'x.yml'),
      {},
    ).items;
    assert.deepEqual([task?.kind, task?.title, task?.agent, task?.children], ['work', 'Only', 'SHELL', undefined]);
  });
});
