import { OWN_SERVER, ownToolOf } from '../../core/agent/own-tools.ts';
import type { PermissionDecision, PermissionRequest } from '../../core/agent/port.ts';
import { TaskError } from '../../core/errors.ts';
import { type NextStep, operationStep } from '../../core/next-step.ts';
import { nameOfRule } from '../../core/policy/rule.ts';
import { ruleOf } from '../../core/policy/rule-verdict.ts';
import { isGuarded } from '../../core/policy/rules-files.ts';
import { isStandard } from '../../core/policy/standard-rules.ts';
import { allowedToolFor, isAllowedTool, toolUseOf } from '../../core/policy/tool-request.ts';
import type { ToolUse } from '../../core/policy/tool-use.ts';
import { Serial } from '../../core/serial.ts';
import type { ApprovalDetail } from '../../core/task/approval-schema.ts';
import type { LogDraft } from '../../core/task/log-entry.ts';
import type { TaskRecord } from '../../core/task/schema.ts';
import type { LiveSettings } from '../settings/live-settings.ts';
import { placesOf, workFolderOf } from './places.ts';
import { mayBeIgnored, shownPlaces } from './shown-places.ts';

/** Number of asked calls that are kept; the oldest are dropped first. */
const REMEMBERED = 5_000;

interface PolicyOptions {
  /** The workspace folder. A task with a worktree works in that instead. */
  readonly folder: string;
  /** The current task: its allowed tools can change while it runs. */
  readonly task: () => TaskRecord | undefined;
  readonly settings: LiveSettings;
  /** True if the task asks no person: a call is allowed unless a rule denies it or asks about it. */
  readonly asksNoPerson?: (() => boolean) | undefined;
  /** True if a person decides about each change, regardless of rules that allow it. */
  readonly asksEachChange?: (() => boolean) | undefined;
  /** The name of the server with the tools for the agent's own task: they need no person unless a rule asks for one. */
  readonly ownServer?: string | undefined;
  readonly log: (entry: LogDraft) => unknown;
}

/** The answer of a rule to a request, and the name of the rule. */
interface Ruling {
  readonly approved: boolean;
  readonly rule: string;
  readonly notes?: string | undefined;
}

/** Answers the requests that need no person, and detects tools that an agent used without asking. */
export class PermissionPolicy {
  private readonly options: PolicyOptions;
  /** Ids of the calls that the agent asked for, and whether the task may use them. */
  private readonly asked = new Map<string, boolean>();
  private readonly turns = new Serial();
  private withheld: string | undefined;

  constructor(options: PolicyOptions) {
    this.options = options;
  }

  /**
   * The answer to a request that needs no person; undefined for one that a person decides. It judges several requests one
   * after the other, so that the person sees them in the agent's order. It judges the raw request: redaction can turn a
   * command into a harmless one.
   */
  decide(request: PermissionRequest): Promise<PermissionDecision | undefined> {
    return this.turns.run(() => this.decideNow(request));
  }

  private async decideNow(request: PermissionRequest): Promise<PermissionDecision | undefined> {
    const { detail } = request;
    const { use, allowed } = await this.judge(rawOf(request));
    this.remember(detail, allowed);
    if (allowed) return this.decideByRule(request);
    const reason = `The task may not use ${nameOf(use, detail)}: ${this.listed()}. Do without it, or report that the task needs it.`;
    this.options.log({
      type: 'tool',
      level: 'warn',
      message: `Refused: ${request.title}`,
      metadata: {
        source: 'policy',
        toolName: detail.toolName,
        toolKind: detail.toolKind,
        refused: true,
        next: this.howTo(use),
      },
    });
    return { approved: false, scope: 'once', notes: reason };
  }

  /** The answer of the current rules to a waiting request. A redacted one has none: its raw form was not kept. */
  async ruling({ detail }: PermissionRequest): Promise<Ruling | undefined> {
    if (detail.redacted === true) return undefined;
    const { allowed } = await this.judge(detail);
    return allowed ? this.byRule(detail) : undefined;
  }

  /** True if a file is outside of the folder, or one that no rule opens, though its name does not show it. */
  async leadsElsewhere(request: PermissionRequest): Promise<boolean> {
    const detail = rawOf(request);
    if (toolUseOf(detail).category !== 'file_operations') return false;
    const files = [...(detail.files ?? []), ...(detail.diffs ?? []).map((diff) => diff.path)];
    for (const file of new Set(files)) {
      const places = await placesOf(this.cwd, { toolKind: 'read', files: [file] });
      const open = places.filter((place) => place !== undefined && !isGuarded(place, 'write'));
      if (open.length > 0 && open.length < places.length) return true;
    }
    return false;
  }

  private async byRule(detail: ApprovalDetail): Promise<Ruling | undefined> {
    const own = this.ownTool(detail);
    const ruling = await this.byConfiguredRule(own ?? detail);
    if (ruling === 'ask') return undefined;
    if (
      own === undefined &&
      ruling?.approved !== false &&
      this.options.asksEachChange?.() === true &&
      mayChange(detail)
    ) {
      return undefined;
    }
    if (own !== undefined) return ruling ?? { approved: true, rule: 'tools of its own task' };
    return ruling ?? (this.asksNoPerson ? { approved: true, rule: 'approvals: none' } : undefined);
  }

  private get asksNoPerson(): boolean {
    return this.options.asksNoPerson?.() === true;
  }

  private async byConfiguredRule(detail: ApprovalDetail): Promise<Ruling | 'ask' | undefined> {
    const rules = await this.options.settings.rules();
    this.logWithheld(this.options.settings.withheld);
    if (rules.length === 0) return undefined;
    const places = await placesOf(this.cwd, detail);
    const found = ruleOf(rules, detail, [...places, ...(await shownPlaces(this.cwd, detail, places))]);
    if (found === undefined) return undefined;
    if (found.verdict === 'ask') return 'ask';
    const approved = found.verdict === 'allow';
    const writes = approved && isStandard(found.rule) && toolUseOf(detail).category === 'file_operations';
    if (writes && 'allow' in found.rule && found.rule.allow === 'write' && (await mayBeIgnored(this.cwd, places))) {
      return undefined;
    }
    const rule = nameOfRule(found.rule);
    return { approved, rule, ...(approved ? {} : { notes: `A rule of the workspace forbids it: ${rule}.` }) };
  }

  /** Logs each reason once for the person who decides. */
  private logWithheld(why: string | undefined): void {
    if (why !== undefined && why !== this.withheld) {
      this.options.log({ type: 'system', level: 'warn', message: why, metadata: { source: 'policy' } });
    }
    this.withheld = why;
  }

  private async decideByRule(request: PermissionRequest): Promise<PermissionDecision | undefined> {
    const { title, detail } = request;
    const ruling = await this.byRule(rawOf(request));
    if (ruling === undefined) return undefined;
    const { approved, rule, notes } = ruling;
    // A rule may deny a redacted request, but never allow it.
    if (approved && detail.redacted === true && !this.asksNoPerson && this.ownTool(detail) === undefined)
      return undefined;
    this.options.log({
      type: 'tool',
      level: approved ? 'info' : 'warn',
      message: `${approved ? 'Allowed' : 'Refused'} by a rule (${rule}): ${title}`,
      metadata: { source: 'policy', toolName: detail.toolName, toolKind: detail.toolKind, refused: !approved },
    });
    return { approved, scope: 'once', notes };
  }

  /** The error of a logged tool call that the task may not make; undefined for an allowed one. */
  async observe(entry: LogDraft): Promise<TaskError | undefined> {
    const { metadata } = entry;
    // An ended call is one entry; the entry that announces it precedes the request of the agent.
    if (entry.type !== 'tool' || metadata?.status === undefined) return undefined;
    if (this.options.task()?.constraints.allowed_tools === undefined) return undefined;
    // The agent itself refused it to its model.
    if (metadata.refused === true) return undefined;
    const asked = typeof metadata.toolCallId === 'string' ? this.asked.get(metadata.toolCallId) : undefined;
    // A refused call that failed had no effect.
    if (asked === true || (asked === false && metadata.status !== 'completed')) return undefined;
    const detail = detailOf(entry);
    const { use, allowed } = await this.judge(detail);
    if (allowed) return undefined;
    return new TaskError('ToolPermissionDenied', `It used ${nameOf(use, detail)} without asking: ${this.listed()}.`, {
      next: this.howTo(use),
    });
  }

  /** The request under the name that rules have for it, if it is for one of the tools for the agent's task. */
  private ownTool(detail: ApprovalDetail): ApprovalDetail | undefined {
    const tool = ownToolOf(detail.toolName, this.options.ownServer);
    return tool === undefined ? undefined : { toolName: `mcp__${OWN_SERVER}__${tool}`, toolKind: 'other' };
  }

  private async judge(detail: ApprovalDetail): Promise<{ use: ToolUse; allowed: boolean }> {
    const own = this.ownTool(detail);
    if (own !== undefined) return { use: toolUseOf(own), allowed: true };
    const use = toolUseOf(detail);
    const allowed = this.options.task()?.constraints.allowed_tools;
    const places = allowed === undefined ? [] : await placesOf(this.cwd, detail);
    return { use, allowed: isAllowedTool(allowed, use, places) };
  }

  private get cwd(): string {
    return workFolderOf(this.options.folder, this.options.task());
  }

  private remember(detail: ApprovalDetail, allowed: boolean): void {
    const id = detail.toolCallId;
    if (typeof id !== 'string' || id === '') return;
    this.asked.set(id, allowed);
    const [oldest] = this.asked.keys();
    if (this.asked.size > REMEMBERED && oldest !== undefined) this.asked.delete(oldest);
  }

  private listed(): string {
    const list = this.options.task()?.constraints.allowed_tools ?? [];
    return list.length === 0 ? 'it may use no tools' : `its allowed tools are ${list.join(', ')}`;
  }

  private howTo(use: ToolUse): NextStep[] {
    const task = this.options.task();
    const wanted = allowedToolFor(use);
    if (task === undefined) return [];
    const allowedTools = wanted === undefined ? null : [...(task.constraints.allowed_tools ?? []), wanted];
    const label = wanted === undefined ? 'Allow every tool' : 'Allow it';
    return [
      operationStep(label, 'task.update', { task: task.number, allowedTools }),
      operationStep('Then restart the task', 'task.restart', { tasks: [task.number] }),
    ];
  }
}

/** True unless the call only reads. A command can change anything. */
function mayChange(detail: ApprovalDetail): boolean {
  const use = toolUseOf(detail);
  if (use.category === 'file_operations') return use.access !== 'read';
  return use.category !== 'none' && use.category !== 'web_search';
}

function nameOf(use: ToolUse, { toolName }: ApprovalDetail): string {
  const category = allowedToolFor(use);
  if (category === undefined) return `"${toolName ?? 'a tool'}"`;
  return toolName === undefined ? category : `${category} ("${toolName}")`;
}

/** The request as the agent sent it. */
function rawOf({ detail, raw }: PermissionRequest): ApprovalDetail {
  return raw ?? detail;
}

/** A logged call in the form of a request. */
function detailOf({ metadata = {} }: LogDraft): ApprovalDetail {
  const { toolName, toolInput, fileName } = metadata;
  const { toolKind, files } = metadata as { toolKind?: unknown; files?: unknown };
  const named = Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];
  const all = named.length > 0 ? named : fileName === undefined ? [] : [fileName];
  return {
    ...(toolName === undefined ? {} : { toolName }),
    ...(typeof toolKind === 'string' ? { toolKind } : {}),
    ...(toolInput === undefined ? {} : { input: toolInput }),
    ...(all.length === 0 ? {} : { files: all }),
  };
}
