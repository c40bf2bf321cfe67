import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { TaskError } from '../../../src/core/errors.ts';
import { compileExpression, type FieldValues } from '../../../src/formats/template/expression.ts';

const render = (text: string, values: FieldValues = {}): string =>
  compileExpression(text, Object.keys(values), 'here').render(values);

const refuses = (text: string, pattern: RegExp, values: FieldValues = { x: '1' }): void => {
  assert.throws(
    () => render(text, values),
    (error: unknown) => TaskError.is(error, 'InvalidInput', 'TooLarge') && pattern.test(error.message),
    text,
  );
};

describe('expressions of templates', () => {
  it('select by value: if, chained if, membership, if blocks (F187, F188)', () => {
    const tokens = "{{ 5000 if c == 'simple' else 15000 if c == 'medium' else 25000 }}";
    assert.deepEqual(
      ['simple', 'medium', 'complex'].map((c) => render(tokens, { c })),
      ['5000', '15000', '25000'],
    );
    assert.deepEqual(
      ['low', 'medium', 'high'].map((s) => render("{{ 3000 if s in ['low', 'medium'] else 8000 }}", { s })),
      ['3000', '3000', '8000'],
    );
    assert.equal(render("{% if not a == 'no' %}yes{% else %}no{% endif %}", { a: 'no' }), 'no');
    assert.equal(render('Fix {{ a | trim | upper }}!', { a: ' it ' }), 'Fix IT!');
  });

  it('keep any value as text', () => {
    const nasty = '{{ x }} {% for a in b %} \'"\\ <b> $(y) {{ 1 + 1 }}';
    assert.equal(render('[{{ value }}]', { value: nasty }), `[${nasty}]`);
  });

  it('report an unknown name with the available fields and the closest one', () => {
    refuses('{{ featur_name }}', /here: unknown name "featur_name". Fields: feature_name/, { feature_name: 'x' });
    assert.throws(() => compileExpression('{{ featur_name }}', ['feature_name'], 'here'), {
      next: [{ kind: 'text', label: 'Did you mean "feature_name"?' }],
    });
    refuses("{{ 1 if x == 'a' else ghost }}", /"ghost"/);
    refuses('{% if ghost %}a{% endif %}', /"ghost"/);
  });

  for (const hostile of [
    '{% for i in range(3000000) %}{{ x }}{% endfor %}',
    '{{ range(3000000) | join }}',
    '{% set y = x %}{{ x }}',
    '{% macro m() %}{% endmacro %}{{ x }}',
    '{{ x.constructor }}',
    "{{ x['constructor'] }}",
    '{{ x.constructor.constructor("return 1")() }}',
    '{{ x | replace("1", x) }}',
    '{{ x | tojson }}',
    '{% call x() %}{% endcall %}',
    '{% filter upper %}{{ x }}{% endfilter %}',
    '{{ {"a": x} }}',
    '{{ x[0:1] }}',
  ]) {
    it(`reject ${hostile.slice(0, 50)}`, () => refuses(hostile, /^here: /));
  }

  it('reject a too long result before building it', () => {
    refuses('{{ x }}'.repeat(500), /limit is 200000/, { x: 'y'.repeat(20_000) });
  });

  it('report a syntax error and deep nesting', () => {
    refuses('{{ x', /^here: /);
    refuses('{{ 1 if }}', /^here: /);
    refuses(`{{ ${'('.repeat(9_000)}x${')'.repeat(9_000)} }}`, /^here: /);
  });
});
