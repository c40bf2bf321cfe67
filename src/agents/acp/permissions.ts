import type { PermissionDecision, PermissionRequest } from '../../core/agent/port.ts';
import { isGuarded } from '../../core/policy/rules-files.ts';
import type { ApprovalDetail } from '../../core/task/approval.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import { namesWithin } from '../../core/text/path-within.ts';
import type { GuardedClient } from '../guarded-client.ts';
import { type ElicitationResponse, elicitationResponse, questionOf } from './elicitation.ts';
import { commandOf, diffsOf, filesOf, insideOf, mergeToolCall, placeOf, type ToolCall } from './tool-call.ts';
import type { UpdateLog } from './update-log.ts';
import { fieldsOf, listOf, textOf } from './wire.ts';

/** The answer of the protocol to `session/request_permission`. */
export interface PermissionResponse {
  readonly outcome:
    | { readonly outcome: 'cancelled' }
    | { readonly outcome: 'selected'; readonly optionId: string; readonly _meta?: { readonly notes: string } };
}

interface Option {
  readonly id: string;
  readonly kind: string;
}

const CANCELLED: PermissionResponse = { outcome: { outcome: 'cancelled' } };
const MAX_OPTIONS = 20;
/** Inputs of a command without influence on its effect. */
const wordless = new Set(['description', 'explanation', 'timeout']);
/** Inputs of a command with the folder that it runs in. */
const places = new Set(['cwd', 'workdir', 'working_directory', 'directory']);
const fileKinds = new Set(['read', 'edit', 'search']);

/**
 * Forwards permission requests of an agent to a person. Approvals for the whole task are answered here, not by the
 * agent's own "always": that one may be wider (all commands with the same prefix) and would outlive the task.
 */
export class Permissions {
  private readonly client: GuardedClient;
  private readonly updates: UpdateLog;
  private readonly cwd: string;
  private readonly allowed = new Set<string>();
  private readonly waiting = new Set<() => void>();
  private closed = false;

  constructor(client: GuardedClient, updates: UpdateLog, cwd: string) {
    this.client = client;
    this.updates = updates;
    this.cwd = cwd;
  }

  /** Answers every open request as cancelled, and those that come until `reopen`. */
  cancelAll(): void {
    this.closed = true;
    for (const cancel of [...this.waiting]) cancel();
  }

  reopen(): void {
    this.closed = false;
  }

  /** Answers the parameters of one request, as late as a person decides. Never rejects. */
  async ask(params: unknown): Promise<PermissionResponse> {
    const sent = this.updates.normal(fieldsOf(fieldsOf(params)?.toolCall) ?? {});
    const options = optionsOf(fieldsOf(params)?.options);
    const call = mergeToolCall(this.updates.tools.find(textOf(sent.toolCallId)), sent);
    this.updates.flush();
    await this.updates.count();
    if (this.closed) return CANCELLED;
    const alike = alikeOf(call, this.cwd);
    if (this.allowed.has(alike)) {
      const answered = await this.unlessEnded(this.answered(call));
      if (answered !== undefined) return this.answer(options, answered);
      await this.client.log(allowedEntry(call, this.cwd));
      this.updates.tools.approved(call);
      return this.answer(options, { approved: true, scope: 'once' });
    }
    const decision = await this.decide(call);
    if (decision.approved && decision.scope === 'task') this.allowed.add(alike);
    if (decision.approved) this.updates.tools.approved(call);
    return this.answer(options, decision);
  }

  /** Answers a question of the agent, as late as a person does. Never rejects. */
  async question(params: unknown): Promise<ElicitationResponse> {
    const question = questionOf(params);
    this.updates.flush();
    if (question === undefined) return { action: 'decline' };
    if (this.closed) return { action: 'cancel' };
    return elicitationResponse(question, await this.unlessEnded(this.client.question(question)));
  }

  private async answered(call: ToolCall): Promise<PermissionDecision | undefined> {
    try {
      return await this.client.refuses?.({ title: titleOf(call, this.cwd), detail: detailOf(call, this.cwd) });
    } catch {
      return { approved: false, scope: 'once' }; // a client without an answer has not allowed anything
    }
  }

  private async decide(call: ToolCall): Promise<PermissionDecision> {
    const request: PermissionRequest = { title: titleOf(call, this.cwd), detail: detailOf(call, this.cwd) };
    return this.unlessEnded(this.client.permission(request));
  }

  private async unlessEnded<T>(asked: Promise<T>): Promise<T | PermissionDecision> {
    const cancelled: PermissionDecision = { approved: false, scope: 'once', cancelled: true };
    let cancel: () => void = () => {};
    const ended = new Promise<PermissionDecision>((resolve) => {
      cancel = () => resolve(cancelled);
    });
    this.waiting.add(cancel);
    try {
      return await Promise.race([ended, asked]);
    } catch {
      return cancelled; // a client that cannot ask has not allowed anything
    } finally {
      this.waiting.delete(cancel);
    }
  }

  private answer(options: readonly Option[], decision: PermissionDecision): PermissionResponse {
    if (decision.cancelled === true) return CANCELLED;
    const kinds = decision.approved ? ['allow_once', 'allow_always'] : ['reject_once', 'reject_always'];
    const option = kinds.map((kind) => options.find((one) => one.kind === kind)).find((one) => one !== undefined);
    if (option === undefined) return CANCELLED; // the agent offers no such option, so it receives no decision
    const notes = decision.notes === undefined ? {} : { _meta: { notes: decision.notes } };
    return { outcome: { outcome: 'selected', optionId: option.id, ...notes } };
  }
}

function optionsOf(value: unknown): Option[] {
  return listOf(value)
    .slice(0, MAX_OPTIONS)
    .flatMap((item) => {
      const fields = fieldsOf(item);
      const id = textOf(fields?.optionId);
      const kind = textOf(fields?.kind);
      return id === undefined || kind === undefined ? [] : [{ id, kind }];
    });
}

function titleOf(call: ToolCall, cwd: string): string {
  const line = namesWithin(call.title.trim().split('\n', 1)[0] ?? '', cwd);
  const said = line === '' || line === call.toolName ? placeOf(call, cwd).fileName : line;
  return said === undefined ? call.toolName : `${call.toolName}: ${said}`;
}

function detailOf(call: ToolCall, cwd: string): ApprovalDetail {
  const command = commandOf(call);
  // A command that runs in the folder is not about the folder.
  const files = filesOf(call).filter((file) => call.kind !== 'execute' || file !== cwd);
  const diffs = diffsOf(call);
  const input = inputOf(call, cwd);
  return {
    toolName: call.toolName,
    toolKind: call.kind,
    ...(call.id === '' ? {} : { toolCallId: call.id }),
    ...(command === undefined ? {} : { command }),
    ...(files.length === 0 ? {} : { files }),
    ...(diffs.length === 0 ? {} : { diffs }),
    ...(input === undefined ? {} : { input }),
  };
}

/** The input without the folder of the task as the location, which does not change the effect of a command. */
function inputOf({ input, kind }: ToolCall, cwd: string): unknown {
  const fields = kind === 'execute' ? fieldsOf(input) : undefined;
  if (fields === undefined) return input;
  return Object.fromEntries(Object.entries(fields).filter(([key, value]) => !places.has(key) || value !== cwd));
}

/**
 * The key that two requests share if the approval of one for the task covers the other: the very same command with the
 * same inputs; or the same tool and kind, for files in the task's folder; one outside of it, or one that no rule opens,
 * covers only itself.
 */
function alikeOf(call: ToolCall, cwd: string): string {
  const command = commandOf(call);
  if (command !== undefined) {
    const inputs = Object.entries(fieldsOf(inputOf(call, cwd)) ?? {}).filter(([key]) => !wordless.has(key));
    return JSON.stringify(['command', command, inputs]);
  }
  const outside = filesOf(call).filter((file) => {
    const way = insideOf(cwd, file);
    return way === undefined ? file !== cwd : isGuarded(way.replaceAll('\\', '/'), 'write');
  });
  // The kind of a tool without a name identifies only file tools reliably.
  const unnamed = call.toolName === call.kind && !fileKinds.has(call.kind);
  return JSON.stringify([call.kind, call.toolName, unnamed ? call.title : '', ...outside.sort()]);
}

/** The approvals desk logs a person's decisions; nothing else would log this one. */
function allowedEntry(call: ToolCall, cwd: string): LogDraft {
  const metadata = { toolName: call.toolName, toolKind: call.kind, toolCallId: call.id };
  return {
    type: 'system',
    level: 'info',
    message: `Allowed, as approved for this task: ${titleOf(call, cwd)}`,
    metadata,
  };
}
