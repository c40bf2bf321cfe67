import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { QuietWatch } from '../../../src/runtime/conversation/quiet-watch.ts';

const MINUTE_MS = 60_000;

interface Watched {
  readonly watch: QuietWatch;
  readonly messages: string[];
  /** Minutes of each silence that was marked; undefined at its end. */
  readonly marks: (number | undefined)[];
  readonly pass: (minutes: number) => void;
}

function watched(): Watched {
  const messages: string[] = [];
  const marks: (number | undefined)[] = [];
  let time = 0;
  const watch = new QuietWatch({
    log: ({ message }) => messages.push(message),
    mark: (ms) => marks.push(ms === undefined ? undefined : ms / MINUTE_MS),
    now: () => time,
  });
  const pass = (minutes: number): void => {
    time += minutes * MINUTE_MS;
    watch.reportIfQuiet();
  };
  return { watch, messages, marks, pass };
}

describe('an agent without activity', () => {
  it('is reported once after 5 min, and again when it is back', () => {
    const { watch, messages, marks, pass } = watched();
    watch.begin();
    pass(4);
    watch.sign();
    pass(4);
    assert.deepEqual(messages, []);
    pass(1);
    pass(1);
    assert.deepEqual(messages, ['No activity from the agent for 5 min.']);
    watch.sign();
    assert.deepEqual(messages.slice(1), ['The agent is active again, after 6 min.']);
    watch.end();
    assert.deepEqual(marks, [5, undefined]);
  });

  it('is no longer marked when its turn ends', () => {
    const { watch, marks, pass } = watched();
    watch.begin();
    pass(6);
    watch.end();
    watch.end();
    assert.deepEqual(marks, [6, undefined]);
  });

  it('is not reported between turns, or while a person decides', async () => {
    const { watch, messages, pass } = watched();
    pass(10);
    watch.begin();
    let decide = (_: string): void => {};
    const decision = watch.while(
      new Promise<string>((resolve) => {
        decide = resolve;
      }),
    );
    pass(10);
    decide('yes');
    assert.equal(await decision, 'yes');
    pass(4);
    assert.deepEqual(messages, []);
    pass(1);
    assert.equal(messages.length, 1);
    watch.end();
    pass(10);
    assert.equal(messages.length, 1);
  });
});
