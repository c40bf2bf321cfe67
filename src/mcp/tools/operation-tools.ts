import { TaskError } from '../../core/errors.ts';
import { suggestions, textStep } from '../../core/next-step.ts';
import { operations } from '../../operations/all.ts';
import { declarations, type OperationName } from '../../operations/declarations.ts';
import type { Operation } from '../../operations/operation.ts';
import type { ToolGroup } from './groups.ts';
import { type JsonSchema, type ObjectSchema, objectSchema } from './json-schema.ts';

/** A tool as the protocol lists it. */
export interface ToolDefinition {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: ObjectSchema;
  readonly annotations: ToolAnnotations;
}

/** Hints for a client, from the declarations of the operations. */
export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** The operation of a call and its input. */
export interface OperationCall {
  readonly operation: Operation;
  readonly input: Readonly<Record<string, unknown>>;
}

/** @param readOnly offers only actions that change nothing; a group without one is undefined */
export function readableGroup(group: ToolGroup, readOnly: boolean): ToolGroup | undefined {
  if (!readOnly) return group;
  const reading = Object.entries(group.actions).filter(([, name]) => declarations[name].effect === 'read');
  return reading.length === 0 ? undefined : { ...group, actions: Object.fromEntries(reading) };
}

export async function definitionOf(group: ToolGroup): Promise<ToolDefinition> {
  const { name, description } = group;
  const loaded = await Promise.all(
    Object.entries(group.actions).map(async ([action, operation]) => {
      const { input }: Pick<Operation, 'input'> = await operations[operation].load();
      return [action, objectSchema(input)] as const;
    }),
  );
  return { name, description, inputSchema: merged(loaded), annotations: annotationsOf(Object.values(group.actions)) };
}

/** The weakest promise of all actions. */
function annotationsOf(names: readonly OperationName[]): ToolAnnotations {
  const declared = names.map((name) => declarations[name]);
  return {
    readOnlyHint: declared.every(({ effect }) => effect === 'read'),
    destructiveHint: declared.some(({ destructive }) => destructive),
    idempotentHint: declared.every(({ idempotent }) => idempotent),
    openWorldHint: declared.some(({ effect }) => effect === 'run'),
  };
}

/** One object for all actions: a key is required if every action requires it. */
function merged(actions: readonly (readonly [string, ObjectSchema])[]): ObjectSchema {
  const [first] = actions;
  if (first !== undefined && actions.length === 1) return first[1];
  const properties = new Map<string, { schema: JsonSchema; of: string[] }>();
  for (const [action, { properties: own }] of actions) {
    for (const [key, schema] of Object.entries(own)) {
      const known = properties.get(key);
      if (known === undefined) properties.set(key, { schema, of: [action] });
      else known.of.push(action);
    }
  }
  const everywhere = [...properties.keys()].filter((key) =>
    actions.every(([, { required = [] }]) => required.includes(key)),
  );
  return {
    type: 'object',
    properties: {
      action: { enum: actions.map(([action]) => action) },
      ...Object.fromEntries(
        [...properties].map(([key, { schema, of }]) => [
          key,
          of.length === actions.length ? schema : withActions(schema, of),
        ]),
      ),
    },
    required: ['action', ...everywhere],
  };
}

/** A description that names the actions that take the key. */
function withActions(schema: JsonSchema, actions: readonly string[]): JsonSchema {
  const text = typeof schema.description === 'string' ? ` ${schema.description}` : '';
  return { ...schema, description: `(${actions.join(', ')})${text}` };
}

/**
 * The operation that a call means.
 *
 * @throws TaskError `InvalidInput` for an unknown action
 */
export async function operationOf(
  { name, actions }: ToolGroup,
  values: Readonly<Record<string, unknown>>,
): Promise<OperationCall> {
  const [[key, only] = [], other] = Object.entries(actions);
  if (only !== undefined && other === undefined) {
    const { action, ...rest } = values;
    // A scope or a read-only store can leave one action of several, and a client may still name it.
    return { operation: await operations[only].load(), input: action === key ? rest : values };
  }
  const { action, ...input } = values;
  const chosen = typeof action === 'string' && Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (chosen !== undefined) return { operation: await operations[chosen].load(), input };
  const names = Object.keys(actions);
  throw new TaskError('InvalidInput', `${name} needs an action: ${names.join(', ')}.`, {
    next: [...suggestions(String(action), names), textStep('Call it again with one of these actions.')],
  });
}
