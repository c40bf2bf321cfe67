import { TaskError } from '../../core/errors.ts';
import { type NextStep, textStep } from '../../core/next-step.ts';
import { grantFor } from './grants.ts';

/** Classes 08 (connection) and 57P (server stops or starts), and the codes of Node's sockets. */
const LOST = /^(08|57P0|ECONN|EPIPE|ENOTFOUND|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)/;

const NO_PERMISSION = '42501';

const known: Readonly<Record<string, readonly [why: string, next: string]>> = {
  '28P01': [
    'it refused the password',
    'Set PGPASSWORD, add a line to ~/.pgpass, or run the command Set Store Password of the editor.',
  ],
  '28000': ['it refused the user', 'Check the user in the address, and pg_hba.conf of the server.'],
  '3D000': ['there is no such database', 'Create it with createdb, or correct the address.'],
  '53100': ['its disk is full', 'Free disk space on the server, and try again.'],
  '53300': ['it has too many connections', 'Close some, or raise max_connections of the server.'],
  '25006': ['it is read-only', 'Connect to the primary server.'],
  CERT_HAS_EXPIRED: ['its certificate has expired', 'Renew the certificate of the server.'],
  CERT_NOT_YET_VALID: ['its certificate is not valid yet', 'Check the clock of this machine.'],
  CERT_REVOKED: ['its certificate was revoked', 'Renew the certificate of the server.'],
  ERR_TLS_CERT_ALTNAME_INVALID: [
    'its certificate is that of another host',
    'Use a host name of the certificate in the address.',
  ],
};

/** Node's codes of a certificate whose authority it does not know. */
const UNTRUSTED = /^(SELF_SIGNED_CERT|DEPTH_ZERO_SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER)/;

/** Whether the connection broke, so that another one may succeed. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  if (code !== undefined) return LOST.test(code);
  // The driver gives its own failures of a connection no code.
  return /^(Connection terminated|Query read timeout|timeout exceeded|timeout expired|Client has encountered|Client was closed)/.test(
    error.message,
  );
}

/** An error of the driver or the server as one for a person. Neither contains the password. */
export function failure(error: unknown, server: string): TaskError {
  if (error instanceof TaskError) return error;
  const code = codeOf(error) ?? '';
  const [why, next] = code === NO_PERMISSION ? forbidden(error) : (known[code] ?? [reasonOf(error), tlsStep(error)]);
  const steps: NextStep[] = [
    textStep(
      next ??
        (isLost(error)
          ? 'Check that the server runs and the address is correct; then try again.'
          : 'Check the log of the server, and try again.'),
    ),
  ];
  const message = isLost(error)
    ? `PostgreSQL is offline (${server}): ${why}.`
    : `PostgreSQL could not do this (${server}): ${why}.`;
  return new TaskError('StoreNotWritable', message, { next: steps, details: { offline: isLost(error) } });
}

function forbidden(error: unknown): readonly [why: string, next: string] {
  const reason = reasonOf(error);
  return [`the user lacks a permission (${reason})`, grantFor(reason)];
}

/** The next step at a server whose certificate is unknown, or that has none. */
function tlsStep(error: unknown): string | undefined {
  if (UNTRUSTED.test(codeOf(error) ?? '')) {
    return 'Set NODE_EXTRA_CA_CERTS to the file with the certificate of its authority. sslmode=no-verify encrypts without a check.';
  }
  // The driver gives this failure no code.
  const hasNone = error instanceof Error && error.message === 'The server does not support SSL connections';
  return hasNone ? 'Turn on TLS in the server. In a private network, add sslmode=disable.' : undefined;
}

function reasonOf(error: unknown): string {
  // Several addresses of a host fail with one error that has no message of its own.
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  const text = error instanceof Error ? error.message : String(error);
  if (/^(Query read timeout|timeout e)/.test(text)) return 'the server does not answer';
  return text.replace(/\.$/, '');
}

/** The code of an error of the server or of a socket. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
