import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Accounting } from '../../../src/agents/acp/accounting.ts';
import { FrameSplitter } from '../../../src/agents/acp/frames.ts';
import { Permissions } from '../../../src/agents/acp/permissions.ts';
import { splitText } from '../../../src/agents/acp/split-text.ts';
import { diffsOf, filesOf, insideOf, mergeToolCall, outputOf, placeOf } from '../../../src/agents/acp/tool-call.ts';
import { UpdateLog } from '../../../src/agents/acp/update-log.ts';
import { boundedFiles, boundedValue } from '../../../src/agents/bounded-value.ts';
import { guardClient } from '../../../src/agents/guarded-client.ts';
import { RecordingClient } from '../../support/recording-client.ts';

const usage = (input: number, output: number): object => ({
  usage: { inputTokens: input, outputTokens: output, totalTokens: input + output },
});

describe('usage accounting', () => {
  it('adds up turns, or uses the running total of the session', () => {
    for (const [count, total] of [
      ['turn', 33],
      ['session', 22],
    ] as const) {
      const accounting = new Accounting(count);
      for (const input of [10, 20]) {
        accounting.prompted();
        accounting.responded({ ...usage(input, input / 10) });
      }
      assert.equal(accounting.usage.total_tokens, total);
      assert.equal(accounting.usage.estimated, undefined);
    }
  });

  it('marks totals that are lower bounds', () => {
    const accounting = new Accounting('last_call');
    accounting.responded({ ...usage(10, 1) });
    assert.equal(accounting.usage.estimated, true);
  });

  it('leaves unreported numbers unknown and never counts context occupancy as spend', () => {
    const accounting = new Accounting('turn');
    accounting.update({ used: 5_000, size: 10_000 });
    accounting.responded({ stopReason: 'end_turn' });
    assert.deepEqual(accounting.usage, { context_tokens: 5_000, context_size: 10_000 });
    accounting.update({ used: 100, size: 10_000, cost: { amount: 3, currency: 'credits' } });
    assert.ok(!('cost_usd' in accounting.usage));
  });

  it('excludes the earlier cost of a resumed session', () => {
    const accounting = new Accounting('turn');
    accounting.update({ cost: { amount: 2, currency: 'USD' } });
    accounting.prompted();
    accounting.update({ cost: { amount: 2.5, currency: 'USD' } });
    assert.equal(accounting.usage.cost_usd, 0.5);
  });

  it('counts cache and thinking tokens and reads the counts in the format of Gemini', () => {
    const accounting = new Accounting('turn');
    accounting.responded({
      usage: {
        inputTokens: 1,
        outputTokens: 2,
        thoughtTokens: 3,
        cachedReadTokens: 4,
        cachedWriteTokens: 5,
        totalTokens: 15,
      },
    });
    assert.deepEqual(accounting.usage, { input_tokens: 10, output_tokens: 5, total_tokens: 15 });
    const gemini = new Accounting('turn');
    gemini.responded({ _meta: { quota: { token_count: { input_tokens: 7, output_tokens: 1 } } } });
    assert.equal(gemini.usage.total_tokens, 8);
  });

  it('ignores values that are not numbers', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (update, response) => {
        const accounting = new Accounting('turn');
        accounting.update({ used: response, size: response, cost: response, ...update });
        accounting.responded({ usage: response, _meta: response });
        for (const value of Object.values(accounting.usage)) assert.ok(Number.isFinite(value) && Number(value) >= 0);
      }),
    );
  });
});

describe('splitting messages', () => {
  it('returns the same lines wherever the chunks are split', () => {
    const lines = fc.array(fc.string({ unit: fc.constantFrom('a', 'ß', '🦊', '{'), minLength: 1 }));
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 9 }), (expected, size) => {
        const bytes = Buffer.from(expected.join('\n'));
        const splitter = new FrameSplitter();
        const found: string[] = [];
        for (let start = 0; start < bytes.length; start += size) {
          for (const frame of splitter.push(Buffer.from(bytes.subarray(start, start + size)))) found.push(frame.text);
        }
        for (const frame of splitter.flush()) found.push(frame.text);
        assert.deepEqual(found, expected);
      }),
    );
  });

  it('keeps only the start of an oversized line and continues with the next one', () => {
    const splitter = new FrameSplitter(100);
    const chunks = ['{"a', 'x'.repeat(90), 'y'.repeat(5_000), '\n{}\n'].map((text) => Buffer.from(text));
    const frames = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
    assert.deepEqual(
      frames.map(({ bytes, oversized }) => [bytes, oversized]),
      [
        [5_093, true],
        [2, false],
      ],
    );
    assert.ok(frames[0]?.text.startsWith('{"axxx') && frames[0].text.length <= 2_048);
  });

  it('splits text without breaking words or characters, and the parts join to the original', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ' ', '🦊', '\n') }),
        fc.integer({ min: 2, max: 10 }),
        (text, max) => {
          const parts = splitText(text, max);
          assert.equal(parts.join(''), text);
          for (const part of parts) assert.ok(part.length <= max && part.isWellFormed());
        },
      ),
    );
    assert.deepEqual(splitText('one two three', 8), ['one two ', 'three']);
  });
});

describe('tool calls', () => {
  it('keep fields that an update omits', () => {
    const first = mergeToolCall(undefined, {
      toolCallId: 'a',
      title: 'write',
      kind: 'edit',
      rawInput: { path: '/w/f' },
    });
    const second = mergeToolCall(first, { toolCallId: 'a', title: 'f', status: 'completed', rawInput: {}, kind: null });
    assert.deepEqual([second.toolName, second.title, second.kind, second.status], ['write', 'f', 'edit', 'completed']);
    assert.deepEqual(filesOf(second), ['/w/f']);
  });

  it('list every file in their inputs, for any input name', () => {
    const rawInput = {
      notebook_path: 'a.ipynb',
      paths: ['b', 'c'],
      destination: '../d',
      dir_path: 'e',
      content: 'path',
      absolutePath: '/f',
      file: 'b',
      directory: 7,
      old_path: 'a\nb',
    };
    const call = mergeToolCall(undefined, { title: 'move', kind: 'move', rawInput, locations: [{ path: '/w/x' }] });
    assert.deepEqual(filesOf(call), ['/w/x', 'a.ipynb', 'b', 'c', '../d', 'e', '/f']);
    assert.deepEqual(
      filesOf(mergeToolCall(undefined, { kind: 'execute', rawInput: { command: 'ls', directory: 'x' } })),
      [],
    );
  });

  it('mark files outside the folder when they omit them', () => {
    const files = Array.from({ length: 300 }, (_, at) => `src/${at}`);
    const kept = boundedFiles(files, 200);
    assert.equal(kept.length, 200);
    assert.equal(kept.at(-1), '../… and 101 more');
    assert.deepEqual(boundedFiles(files, 300), files);
  });

  it('read the tool name from the metadata of Claude Code', () => {
    const call = mergeToolCall(undefined, { title: 'Read src/a.ts', _meta: { claudeCode: { toolName: 'Read' } } });
    assert.equal(call.toolName, 'Read');
  });

  it('are described by file and line relative to the folder of the task', () => {
    const call = mergeToolCall(undefined, { locations: [{ path: '/w' }, { path: '/w/src/a.ts', line: 7 }] });
    assert.deepEqual(placeOf(call, '/w'), { fileName: 'src/a.ts', lineNumber: 7 });
    assert.equal(insideOf('/w', '/w/../etc/passwd'), undefined);
    assert.equal(insideOf('/w', '../x'), undefined);
    assert.equal(insideOf('/w', '/wider'), undefined);
    assert.equal(insideOf('/w', '..x'), '..x');
  });

  it('can be parsed from any value', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('title', 'kind', 'content', 'locations', 'rawInput', 'rawOutput', 'status', '_meta'),
          fc.anything(),
        ),
        (sent) => {
          const call = mergeToolCall(undefined, sent);
          filesOf(call);
          diffsOf(call);
          outputOf(call);
          placeOf(call, '/w');
        },
      ),
    );
  });
});

describe('updates', () => {
  const log = (): { client: RecordingClient; updates: UpdateLog } => {
    const client = new RecordingClient();
    const updates = new UpdateLog(guardClient(client, {}), new Accounting('turn'), '/w');
    updates.beginTurn();
    return { client, updates };
  };
  const chunk = (text: string, more: object = {}): object => ({
    update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text }, ...more },
  });

  it('distinguish a tool that the agent does not offer from a used one', async () => {
    const { client, updates } = log();
    const input = { tool: 'write', error: 'unavailable tool' };
    for (const [toolCallId, kind] of [
      ['refused', 'other'],
      ['used', 'edit'],
    ] as const) {
      const call = { toolCallId, title: 'write', kind: 'edit' };
      await updates.update({ update: { sessionUpdate: 'tool_call', ...call, status: 'pending' } }, 100);
      const end = { toolCallId, kind, title: 'Invalid', rawInput: input, status: 'completed' };
      await updates.update({ update: { sessionUpdate: 'tool_call_update', ...end } }, 100);
    }
    const ended = client.entries.flatMap(({ metadata }) => (metadata?.status === undefined ? [] : [metadata]));
    assert.deepEqual(
      ended.map(({ status, refused }) => [status, refused]),
      [
        ['failed', true],
        ['completed', undefined],
      ],
    );
  });

  it('show paths relative to the folder of the task, as requests do', async () => {
    const { client, updates } = log();
    const call = { toolCallId: '1', title: '/w/src/a.ts', name: 'edit', kind: 'edit' };
    await updates.update({ update: { sessionUpdate: 'tool_call', ...call, status: 'pending' } }, 100);
    await new Permissions(guardClient(client, {}), updates, '/w').ask({ toolCall: call, options: [] });
    await updates.update({ update: { sessionUpdate: 'tool_call_update', ...call, status: 'completed' } }, 100);
    assert.deepEqual(client.messages('tool'), ['Tool call: edit: src/a.ts', 'edit: src/a.ts']);
    assert.deepEqual(
      client.requests.map(({ title }) => title),
      ['edit: src/a.ts'],
    );
  });

  it('never throw on any input', () => {
    const value = fc.oneof(fc.anything(), fc.object(), fc.constant([{ content: 'x', status: 'completed' }]));
    const kind = fc.constantFrom('agent_message_chunk', 'tool_call', 'tool_call_update', 'plan', 'usage_update', 'new');
    fc.assert(
      fc.property(kind, value, value, (sessionUpdate, one, other) => {
        const { updates } = log();
        for (const content of [one, other]) {
          const update = {
            sessionUpdate,
            content,
            entries: content,
            toolCallId: 'a',
            rawInput: content,
            title: content,
            locations: content,
            status: content,
            used: content,
          };
          void updates.update({ update }, 1);
          void updates.update(content, 1);
        }
        updates.endTurn(false);
      }),
    );
  });

  it('end a message at a new id, a tool call or the end of the turn', () => {
    const { client, updates } = log();
    void updates.update(chunk('a', { messageId: '1' }), 1);
    void updates.update(chunk('b', { messageId: '1' }), 1);
    void updates.update(chunk('c', { messageId: '2' }), 1);
    void updates.update({ update: { sessionUpdate: 'usage_update', used: 1 } }, 1);
    void updates.update(chunk('d', { messageId: '2' }), 1);
    void updates.update({ update: { sessionUpdate: 'tool_call', toolCallId: 'x', title: 'x' } }, 1);
    void updates.update(chunk('e'), 1);
    updates.endTurn(false);
    assert.deepEqual(client.messages('agent'), ['ab', 'cd', 'e']);
    assert.equal(updates.answer, 'e');
  });

  it('split a message of one megabyte without losing text', () => {
    const { client, updates } = log();
    const text = 'lorem ipsum 🦊 '.repeat(70_000);
    void updates.update(chunk(text), 1);
    updates.endTurn(false);
    assert.equal(client.messages('agent').join(''), text);
    assert.ok(client.messages('agent').every((message) => message.length <= 64 * 1024));
    const marks = client.entries.map((entry) => entry.metadata?.continued === true);
    assert.deepEqual([marks.at(0), marks.at(-1)], [true, false]);
  });

  it('write a long tool output in full after its entry', () => {
    const { client, updates } = log();
    const text = 'x'.repeat(200_000);
    const content = [{ type: 'content', content: { type: 'text', text } }];
    void updates.update(
      { update: { sessionUpdate: 'tool_call', toolCallId: 'a', title: 'cat', status: 'completed', content } },
      1,
    );
    const [entry, ...parts] = client.entries.filter(
      ({ metadata }) => metadata?.status !== undefined || metadata?.part !== undefined,
    );
    assert.match(String(entry?.metadata?.toolOutput), /^x+… \[134464 more characters\]$/);
    assert.equal(parts.map((part) => part.message).join(''), text);
  });

  it('forget tool calls that never end', () => {
    const { client, updates } = log();
    for (let index = 0; index < 3_000; index += 1) {
      void updates.update({ update: { sessionUpdate: 'tool_call', toolCallId: `c${index}`, title: 'x' } }, 100);
    }
    assert.equal(client.entries.filter((entry) => entry.metadata?.status === 'unfinished').length, 2_000);
    updates.endTurn(true);
    assert.equal(client.entries.filter((entry) => entry.metadata?.status === 'cancelled').length, 1_000);
  });

  it('ignore other sessions, and skip the replay while a session is loaded', () => {
    const { client, updates } = log();
    updates.sessionId = 'mine';
    void updates.update({ sessionId: 'child', ...chunk('not mine') }, 1);
    updates.replaying = true;
    void updates.update({ sessionId: 'mine', ...chunk('long ago') }, 1);
    updates.replaying = false;
    void updates.update({ sessionId: 'mine', ...chunk('now') }, 1);
    updates.endTurn(false);
    assert.deepEqual(client.messages(), ['now']);
  });
});

describe('untrusted values', () => {
  it('become JSON of a bounded size, and small values stay unchanged', () => {
    const limits = { depth: 4, nodes: 50, stringChars: 20 };
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        const json = JSON.stringify(boundedValue(value, (text) => text, limits)) ?? '';
        assert.ok(json.length < 10_000);
      }),
    );
    const small = { a: [1, 'two', null, true], b: { c: 'd' } };
    assert.deepEqual(
      boundedValue(small, (text) => text, limits),
      small,
    );
    assert.equal(
      Object.getPrototypeOf(boundedValue(JSON.parse('{"__proto__":{"x":1}}'), (text) => text)),
      Object.prototype,
    );
  });

  it('are truncated in requests to a person', async () => {
    const client = new RecordingClient();
    const long = 'y'.repeat(600_000);
    const detail = {
      toolName: 't',
      command: long,
      files: Array.from({ length: 999 }, () => 'f'),
      diffs: [{ path: 'p', newText: long, oldText: long }],
    };
    await guardClient(client, {}).permission({ title: long, detail });
    const asked = client.requests[0];
    assert.ok((asked?.title.length ?? 0) < 600);
    assert.equal(asked?.detail.files?.length, 200);
    assert.match(asked?.detail.command ?? '', /… \[534464 more characters\]$/);
    assert.match(asked?.detail.diffs?.[0]?.newText ?? '', /… \[337856 more characters\]$/);
  });
});
