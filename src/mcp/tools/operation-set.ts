import { TaskError } from '../../core/errors.ts';
import { suggestions, textStep } from '../../core/next-step.ts';
import type { OperationContext } from '../../operations/context.ts';
import { runOperation } from '../../operations/operation.ts';
import type { TaskScope } from '../scope.ts';
import { type PersonAnswer, type PersonQuestion, questionBefore } from './confirm.ts';
import type { ToolGroup } from './groups.ts';
import { definitionOf, operationOf, readableGroup, type ToolDefinition } from './operation-tools.ts';
import { failureOf, resultOf, type ToolResult } from './result.ts';

/** Capabilities of the client of a call, and the answer of its person. */
export interface CallOptions {
  readonly canAsk: boolean;
  readonly answer: PersonAnswer;
  readonly state: string | undefined;
  readonly signal: AbortSignal;
}

/** Tools that a server offers. */
export interface ToolSet {
  list(): Promise<readonly ToolDefinition[]>;
  /** Never rejects: a failure is a result with `isError`. */
  call(
    name: string,
    input: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ToolResult | PersonQuestion>;
}

/** The tools of operations, in groups. */
export class OperationTools implements ToolSet {
  private readonly context: OperationContext;
  private readonly groups: readonly ToolGroup[];
  private readonly scope: TaskScope | undefined;
  private definitions: Promise<ToolDefinition[]> | undefined;

  constructor(context: OperationContext, groups: readonly ToolGroup[], scope?: TaskScope) {
    this.context = context;
    this.scope = scope;
    const readOnly = context.store.readOnly !== undefined;
    this.groups = (scope?.groups(groups) ?? groups).flatMap((group) => readableGroup(group, readOnly) ?? []);
  }

  list(): Promise<readonly ToolDefinition[]> {
    this.definitions ??= Promise.all(this.groups.map(definitionOf));
    return this.definitions;
  }

  async call(
    name: string,
    input: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ToolResult | PersonQuestion> {
    try {
      return await this.run(name, input, options);
    } catch (error) {
      return failureOf(error);
    }
  }

  private async run(
    name: string,
    values: Readonly<Record<string, unknown>>,
    options: CallOptions,
  ): Promise<ToolResult | PersonQuestion> {
    const { context } = this;
    const group = this.groups.find((each) => each.name === name);
    if (group === undefined) {
      const names = this.groups.map((each) => each.name);
      const readOnly = context.store.readOnly === undefined ? '' : ` ${context.store.readOnly}`;
      throw new TaskError('InvalidInput', `There is no tool "${name.slice(0, 100)}".${readOnly}`, {
        next: [...suggestions(name, names), textStep(`The tools are ${names.join(', ')}.`)],
      });
    }
    const { operation, input: given } = await operationOf(group, values);
    await context.store.refresh();
    const input = this.scope?.input(operation.name, given) ?? given;
    const call = { operation, input };
    const question = questionBefore(context, call, options);
    if (question !== undefined) return question;
    return resultOf(await runOperation(operation, context, input, { signal: options.signal }));
  }
}
