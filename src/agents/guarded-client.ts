import type { AgentClient, PermissionDecision, PermissionRequest } from '../core/agent/port.ts';
import { type ApprovalDetail, approvalDetailSchema } from '../core/task/approval-schema.ts';
import type { LogDraft } from '../core/task/log-entry.ts';
import { compileRedaction, type Redact, secretsOf } from '../core/text/redact.ts';
import { boundedFiles, boundedText, boundedValue } from './bounded-value.ts';
import type { Environment } from './environment.ts';

const TITLE_CHARS = 500;
/** Characters of each text of an approval's details: a diff's side, a command. */
const DIFF_CHARS = 256 * 1024;
const COMMAND_CHARS = 64 * 1024;
const DETAIL_FILES = 200;
const DETAIL_DIFFS = 50;

/** The reply to a question if the client has no person to ask. */
const noAnswer: PermissionDecision = { approved: false, scope: 'once' };

/** The client that an adapter gets: it redacts secrets and limits the size of everything that the agent sends. */
export interface GuardedClient extends AgentClient {
  readonly redact: Redact;
  question(request: PermissionRequest): Promise<PermissionDecision>;
}

/** Puts redaction and size limits between an untrusted agent and the client. */
export function guardClient(client: AgentClient, env: Environment): GuardedClient {
  const redact = compileRedaction(secretsOf(env));
  return {
    redact,
    log: (entry) => client.log(cleanEntry(entry, redact), entry),
    alive: () => client.alive?.(),
    usage: (usage) => client.usage(usage),
    progress: (percent) => client.progress(Math.min(100, Math.max(0, percent))),
    permission: (request): Promise<PermissionDecision> => client.permission(cleanRequest(request, redact)),
    question: async (request) => (await client.question?.(cleanRequest(request, redact))) ?? noAnswer,
    refuses: async (request) => client.refuses?.(cleanRequest(request, redact)),
  };
}

function cleanEntry(entry: LogDraft, redact: Redact): LogDraft {
  const message = redact(entry.message);
  if (entry.metadata === undefined) return message === entry.message ? entry : { ...entry, message };
  return { ...entry, message, metadata: boundedValue(entry.metadata, redact) as NonNullable<LogDraft['metadata']> };
}

function cleanRequest(request: PermissionRequest, redactText: Redact): PermissionRequest {
  const { command, files, diffs, input, ...rest } = request.detail;
  let redacted = false;
  const redact = (text: string): string => {
    const clean = redactText(text);
    redacted ||= clean !== text;
    return clean;
  };
  const text = (long: string, chars: number): string => boundedText(long, redact, chars);
  const title = text(request.title, TITLE_CHARS);
  const detail: ApprovalDetail = {
    ...(boundedValue(rest, redact) as typeof rest),
    ...(command === undefined ? {} : { command: text(command, COMMAND_CHARS) }),
    ...(files === undefined ? {} : { files: boundedFiles(files, DETAIL_FILES).map((file) => text(file, 4_096)) }),
    ...(diffs === undefined
      ? {}
      : {
          diffs: diffs.slice(0, DETAIL_DIFFS).map((diff) => ({
            path: text(diff.path, 4_096),
            ...(diff.oldText === undefined ? {} : { oldText: text(diff.oldText, DIFF_CHARS) }),
            newText: text(diff.newText, DIFF_CHARS),
          })),
        }),
    ...(input === undefined ? {} : { input: boundedValue(input, redact) }),
  };
  const kept = approvalDetailSchema.parse({ ...detail, ...(redacted ? { redacted } : {}) });
  return { title, detail: kept, raw: request.detail };
}
