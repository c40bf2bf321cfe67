import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure } from '../../../src/store/postgres/failures.ts';

test('suggests a file of authorities, or no check, only for a certificate of an unknown authority', () => {
  const adviceOf = (code: string): string =>
    JSON.stringify(failure(Object.assign(new Error('tls'), { code }), 'db.example:5432').next);
  for (const code of [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  ]) {
    assert.match(adviceOf(code), /NODE_EXTRA_CA_CERTS.*no-verify/, code);
  }
  for (const code of ['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_REVOKED', 'ERR_TLS_CERT_ALTNAME_INVALID']) {
    assert.doesNotMatch(adviceOf(code), /NODE_EXTRA_CA_CERTS|no-verify|log of the server/, code);
  }
});
