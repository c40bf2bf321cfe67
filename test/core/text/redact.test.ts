import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileLineRedaction, compileRedaction, secretsOf } from '../../../src/core/text/redact.ts';

const alphanumeric = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789');
const word = (length: number): fc.Arbitrary<string> =>
  fc.string({ unit: alphanumeric, minLength: length, maxLength: length });
const shapes: readonly [string, fc.Arbitrary<string>][] = [
  ['OpenAI and Anthropic keys', word(40).map((key) => `sk-ant-${key}`)],
  ['GitHub tokens', word(36).map((key) => `ghp_${key}`)],
  ['AWS key ids', word(16).map((key) => `AKIA${key.toUpperCase()}`)],
  ['Slack tokens', word(24).map((key) => `xoxb-${key}`)],
  ['bearer tokens', word(24).map((key) => `Bearer ${key}`)],
  ['web tokens', word(20).map((key) => `eyJ${key}.${key}.${key}`)],
];
const around = fc.string({ unit: fc.constantFrom(...'ab =:"\'(),\n/<>🦊') });
/** The part of a secret that must not be left. */
const core = (secret: string): string => secret.replace(/^Bearer /, '');

describe('redacting secrets', () => {
  const redact = compileRedaction();

  for (const [what, secret] of shapes) {
    it(`finds ${what} in any text`, () => {
      fc.assert(
        fc.property(around, secret, around, (before, token, behind) => {
          const clean = redact(`${before} ${token} ${behind}`);
          assert.ok(!clean.includes(core(token)), clean);
          assert.ok(clean.includes('[redacted]'));
        }),
      );
    });
  }

  it('finds a private key over many lines, also a truncated one', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabcd\n-----END RSA PRIVATE KEY-----';
    assert.equal(redact(`a\n${key}\nb`), 'a\n[redacted]\nb');
    assert.equal(redact(`a\n${key.slice(0, 40)}`), 'a\n[redacted]');
  });

  it('finds values of variables with secret names, for any content', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, maxLength: 60 }), around, around, (value, before, behind) => {
        fc.pre(!'[redacted]'.includes(value) && !before.includes(value) && !behind.includes(value));
        const known = compileRedaction(secretsOf({ MY_API_KEY: value, HOME: '/home/somebody' }));
        assert.equal(known(`${value}`), redact('[redacted]'));
        assert.ok(!known(`${before}\0${value}\0${behind}`).includes(value));
      }),
    );
  });

  it('redacts variables by name, except short values', () => {
    const env = {
      GITHUB_TOKEN: 'abcdefgh1',
      Db_Password: 'pass-word-1',
      SECRET: 'short',
      PATH: '/usr/bin:/bin',
      KEY: undefined,
    };
    assert.deepEqual(secretsOf(env), ['pass-word-1', 'abcdefgh1']);
  });

  it('redacts the login of a URL in any variable', () => {
    const url = 'postgres://ada:p@ss-word@db.example.com:5432/tasks?store=shop';
    const env = {
      SYSTEMPROMPT_STORE: url,
      HOME_PAGE: 'http://localhost:3000/a@b',
      NO_LOGIN: 'postgres://ada@db/tasks',
    };
    assert.deepEqual(secretsOf(env), ['ada:p@ss-word@']);
    assert.equal(
      compileRedaction(secretsOf(env))(`STORE=${url}`),
      'STORE=postgres://[redacted]db.example.com:5432/tasks?store=shop',
    );
  });

  it('leaves other text unchanged and is idempotent', () => {
    fc.assert(fc.property(around, (text) => assert.equal(redact(text), text)));
    fc.assert(
      fc.property(fc.array(fc.oneof(around, ...shapes.map(([, shape]) => shape))), (parts) => {
        const clean = redact(parts.join(' '));
        assert.equal(redact(clean), clean);
      }),
    );
    assert.equal(
      redact('a task-list, ask-me-anything, the bearer of news'),
      'a task-list, ask-me-anything, the bearer of news',
    );
  });
});

describe('redacting line by line', () => {
  it('removes a private key whose lines arrive one by one', () => {
    const clean = compileLineRedaction(compileRedaction());
    const lines = [
      'one',
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      'b3BlbnNzaC1r',
      'ZXktdjE',
      '-----END OPENSSH PRIVATE KEY-----',
      'two',
    ];
    assert.deepEqual(lines.map(clean), ['one', '[redacted]', '[redacted]', '[redacted]', '[redacted]', 'two']);
  });

  it('does not redact the rest of a log after an unterminated key', () => {
    const clean = compileLineRedaction(compileRedaction());
    clean('-----BEGIN PRIVATE KEY-----');
    const lines = Array.from({ length: 1_000 }, (_, number) => clean(`line ${number}`));
    assert.equal(lines.at(-1), 'line 999');
  });
});
