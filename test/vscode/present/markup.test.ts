import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codeMarkup, markupOf } from '../../../src/vscode/present/markup.ts';
import { type Markup, markupSchema } from '../../../src/webviews/kit/markup-schema.ts';

/** The elements as short text: `p(a strong(b))`. */
function short(nodes: readonly Markup[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node;
      return `${node.tag}${node.href === undefined ? '' : `[${node.href}]`}(${short(node.children)})`;
    })
    .join('');
}

test('headings, lists, code and emphasis become elements', () => {
  assert.equal(short(markupOf('# Title\n\nA **bold** `word`')), 'h4(Title)p(A strong(bold) code(word))');
  assert.equal(short(markupOf('- one\n- [x] two')), 'ul(li(one)li(☑ two))');
  assert.equal(short(markupOf('```ts\nlet a = 1 < 2;\n```')), 'pre(let a = 1 < 2;)');
  assert.equal(short(markupOf('one\ntwo')), 'p(onebr()two)');
  assert.equal(short(markupOf('|a|b|\n|-|-|\n|1|2|')), 'table(thead(tr(th(a)th(b)))tbody(tr(td(1)td(2))))');
});

test('HTML stays text, and only web links are links', () => {
  assert.equal(short(markupOf('<script>alert(1)</script>')), '<script>alert(1)</script>');
  assert.equal(short(markupOf('a <b onclick="x">b</b>')), 'p(a <b onclick="x">b</b>)');
  assert.equal(short(markupOf('[a](https://example.com/x)')), 'p(a[https://example.com/x](a))');
  assert.equal(short(markupOf('[a](command:run) [b](javascript:x) [c](file:///etc)')), 'p(code(a) code(b) code(c))');
  assert.equal(short(markupOf('![alt](http://example.com/a.png)')), 'p(a[http://example.com/a.png](alt))');
  assert.equal(short(markupOf('1 &lt; 2 & \\*3')), 'p(1 < 2 & *3)');
});

test('every text becomes elements that the page accepts, however it is nested', () => {
  const texts = [
    '',
    '> '.repeat(30_000),
    '['.repeat(20_000),
    '- '.repeat(20_000),
    '*'.repeat(49_999),
    'x'.repeat(60_000),
  ];
  for (const text of texts) {
    const nodes = markupOf(text);
    assert.deepEqual(markupSchema.safeParse({ tag: 'p', children: nodes }).success, true, text.slice(0, 10));
  }
  assert.equal(short(codeMarkup('# no *Markdown*')), 'pre(# no *Markdown*)');
  assert.equal(markupSchema.safeParse({ tag: 'script', children: [] }).success, false);
  assert.equal(markupSchema.safeParse({ tag: 'a', href: 'command:run', children: [] }).success, false);
});
