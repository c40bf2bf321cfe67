import { RequestError } from '@agentclientprotocol/sdk';
import { amountOf, type Fields, fieldsOf, listOf, textOf } from './wire.ts';

/** Why a model did not answer, from the data of the agent and never from its text. */
export type FailureKind = 'rate_limit' | 'quota' | 'login' | 'service' | 'connection' | 'request' | 'budget';

export interface ModelFailure {
  readonly kind: FailureKind;
  readonly message?: string | undefined;
  /** Milliseconds since 1970 at which another attempt makes sense, if the agent reports it. */
  readonly retryAt?: number | undefined;
}

/** Names that agents give to failures, in `errorKind` or as the variant of an error. */
const kinds: Readonly<Record<string, FailureKind>> = {
  rate_limit: 'rate_limit',
  rate_limited: 'rate_limit',
  rateLimitExceeded: 'rate_limit',
  usageLimitExceeded: 'quota',
  billing_error: 'quota',
  quota_exhausted: 'quota',
  authentication_failed: 'login',
  auth_required: 'login',
  unauthorized: 'login',
  server_error: 'service',
  overloaded: 'service',
  serverOverloaded: 'service',
  internalServerError: 'service',
  transport_lost: 'connection',
  httpConnectionFailed: 'connection',
  responseStreamDisconnected: 'connection',
  invalid_request: 'request',
  model_not_found: 'request',
  badRequest: 'request',
};

/**
 * The failure that a response to a prompt carries beside its stop reason: adapters of JetBrains' extension end the turn
 * normally and put it into `_meta.jetbrains.air.sessionFailure`.
 */
export function failureInResponse(response: Fields): ModelFailure | undefined {
  const air = fieldsOf(fieldsOf(fieldsOf(response._meta)?.jetbrains)?.air);
  const failure = fieldsOf(air?.sessionFailure);
  if (failure === undefined || failure.severity === 'warning') return undefined;
  return { kind: kindOfCategory(textOf(failure.category), listOf(failure.actions)), message: textOf(failure.title) };
}

/** The failure that an error carries as data: an HTTP status as its code, or a named kind. Undefined for other errors. */
export function failureInError(error: unknown, now: number): ModelFailure | undefined {
  if (!(error instanceof RequestError)) return undefined;
  const data = fieldsOf(error.data) ?? {};
  const variant = data.codexErrorInfo;
  const name = textOf(data.errorKind) ?? textOf(variant) ?? Object.keys(fieldsOf(variant) ?? {})[0];
  const status = amountOf(data.status) ?? amountOf(data.statusCode) ?? error.code;
  const kind = kindOfStatus(status) ?? (name === undefined ? undefined : kinds[name]);
  if (kind === undefined) return undefined;
  const seconds = amountOf(data.retryAfter) ?? amountOf(data.retry_after);
  return { kind, retryAt: seconds === undefined ? undefined : now + seconds * 1_000 };
}

/** When a rate limit ends, from a `usage_update` of Claude Code's adapter. Milliseconds since 1970. */
export function rateLimitEnd(update: Fields): number | undefined {
  const limit = fieldsOf(fieldsOf(update._meta)?.['_claude/rateLimit']);
  const seconds = amountOf(limit?.resetsAt);
  return seconds === undefined || limit?.status !== 'rejected' ? undefined : seconds * 1_000;
}

function kindOfStatus(status: number): FailureKind | undefined {
  if (status === 429) return 'rate_limit';
  if (status === 401 || status === 403) return 'login';
  if (status >= 400 && status < 500) return 'request';
  return status >= 500 && status < 600 ? 'service' : undefined;
}

function kindOfCategory(category: string | undefined, actions: readonly unknown[]): FailureKind {
  switch (category) {
    case 'limit':
      if (actions.includes('retry')) return 'rate_limit';
      return actions.includes('new_session') ? 'budget' : 'quota';
    case 'access':
      return 'login';
    case 'connection':
      return 'connection';
    case 'request':
      return 'request';
    default:
      return 'service';
  }
}
