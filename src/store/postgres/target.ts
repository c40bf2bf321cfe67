import { TaskError } from '../../core/errors.ts';
import { textStep } from '../../core/next-step.ts';

/** The database and the name of one store in it. */
export interface PostgresTarget {
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly user: string | undefined;
  /** Never part of a message, a log or a file. */
  readonly password: string | undefined;
  readonly database: string | undefined;
  readonly tls: 'verify' | 'unverified' | 'off';
  /** The name of the store in the database. */
  readonly store: string;
}

const MAX_PORT = 65_535;
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const tlsModes: Readonly<Record<string, PostgresTarget['tls']>> = {
  disable: 'off',
  'no-verify': 'unverified',
  require: 'verify',
  'verify-full': 'verify',
};

/**
 * Parses `postgres://user@host:5432/database?store=name`. Missing parts come from PGHOST, PGPORT, PGUSER, PGPASSWORD,
 * PGDATABASE and ~/.pgpass. TLS is on, except for this machine.
 *
 * @throws TaskError `InvalidInput`, without the URL, because it can contain a password
 */
export function parseTarget(text: string): PostgresTarget {
  const { authority, rest } = /^postgres(?:ql)?:\/\/(?<authority>[^/?#]*)(?<rest>.*)$/is.exec(text)?.groups ?? {};
  if (authority === undefined || rest === undefined) throw invalid('it does not start with postgres://');
  // Otherwise a part of a password would be taken for a port or a database, which messages contain.
  if (rest.includes('@')) throw invalid('a / ? or # before the last @ is not escaped as %2F, %3F or %23');
  const port = /:([^:\]]*)$/.exec(authority.slice(authority.lastIndexOf('@') + 1))?.[1] ?? '';
  if (!/^(?:|0*[1-9]\d{0,4})$/.test(port) || Number(port) > MAX_PORT) {
    throw invalid(`the port is not a number from 1 to ${MAX_PORT}`);
  }
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw invalid('the name of its host is not valid');
  for (const key of url.searchParams.keys()) {
    if (key !== 'store' && key !== 'sslmode') throw invalid(`it has the unknown parameter "${key}"`);
  }
  const store = url.searchParams.get('store') ?? 'default';
  if (!NAME.test(store)) throw invalid('the name of the store is not 1 to 64 letters, digits, _ and -');
  const host = part(url.hostname.replace(/^\[|\]$/g, ''));
  const mode = url.searchParams.get('sslmode') ?? (isHere(host) ? 'disable' : 'verify-full');
  const tls = Object.hasOwn(tlsModes, mode) ? tlsModes[mode] : undefined;
  if (tls === undefined) throw invalid('sslmode must be verify-full, no-verify or disable');
  return {
    host,
    port: url.port === '' ? undefined : Number(url.port),
    user: part(url.username),
    password: part(url.password),
    database: part(url.pathname.slice(1)),
    tls,
    store,
  };
}

/** The target for messages: without the password. */
export function shownTarget({ host, port, database, store }: PostgresTarget): string {
  const server = `${host ?? 'the default server'}${port === undefined ? '' : `:${port}`}`;
  return `store "${store}" in ${database === undefined ? 'the default database' : `database "${database}"`} on ${server}`;
}

function part(text: string): string | undefined {
  if (text === '') return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('it has a % that starts no escape');
  }
}

/** Without a host, the driver uses PGHOST or this machine. */
function isHere(host: string | undefined): boolean {
  const used = host ?? process.env.PGHOST ?? 'localhost';
  return used.startsWith('/') || ['localhost', '::1'].includes(used) || /^127(\.\d+){3}$/.test(used);
}

function invalid(why: string): TaskError {
  return new TaskError('InvalidInput', `The address of the store cannot be used: ${why}.`, {
    next: [textStep('Write it as postgres://user@host:5432/database?store=name.')],
  });
}
