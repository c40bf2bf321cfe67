import type { TaskError } from '../../core/errors.ts';
import { operationStep, suggestions, textStep } from '../../core/next-step.ts';
import type { Connection } from './connection.ts';
import { type AgentContext, errorOf, messageOf } from './errors.ts';
import type { OpenedSession } from './handshake.ts';
import { fieldsOf, listOf, textOf } from './wire.ts';

/** Choices that a message lists. */
const LISTED = 30;

interface Choice {
  readonly value: string;
  readonly name: string | undefined;
}

/** The models that a session offers, and the request that selects one. */
interface Selector {
  readonly current: unknown;
  readonly choices: readonly Choice[];
  readonly request: (value: string) => readonly [method: string, params: object];
}

/**
 * Selects a model of the session by the id or name that the agent lists, by its option for models or by the list of the
 * protocol's draft. A resumed session that lists none keeps the model that it began with.
 *
 * @param taskId id of the task, for the next step
 * @throws TaskError `ModelUnavailable` that names the listed models
 */
export async function chooseModel(
  connection: Connection,
  agent: AgentContext,
  session: OpenedSession,
  model: string,
  taskId: string,
): Promise<void> {
  const selector = selectorOf(session);
  if (selector.choices.length === 0 && session.resumed) return;
  const value = selector.choices.find((choice) => choice.value === model || choice.name === model)?.value;
  if (value === undefined) throw unavailable(agent, model, selector.choices, taskId);
  if (value === selector.current) return;
  try {
    await connection.request(...selector.request(value));
  } catch (error) {
    if (connection.isLost) throw error;
    throw unavailable(agent, model, selector.choices, taskId, error);
  }
}

/** The model that a session uses unless another one is chosen; undefined if the agent does not report it. */
export function currentModel(session: OpenedSession): string | undefined {
  return textOf(selectorOf(session).current);
}

function selectorOf({ id, configOptions, models }: OpenedSession): Selector {
  const option = listOf(configOptions)
    .map(fieldsOf)
    .find((item) => item?.category === 'model' || item?.id === 'model');
  if (option !== undefined) {
    return {
      current: option.currentValue,
      choices: choicesOf(option.options),
      request: (value) => ['session/set_config_option', { sessionId: id, configId: option.id, value }],
    };
  }
  const state = fieldsOf(models);
  return {
    current: state?.currentModelId,
    choices: listOf(state?.availableModels).flatMap((item) => choiceOf(item, 'modelId')),
    request: (modelId) => ['session/set_model', { sessionId: id, modelId }],
  };
}

/** The choices of an option; they come flat or in groups. */
function choicesOf(options: unknown): Choice[] {
  return listOf(options).flatMap((item) => {
    const group = fieldsOf(item)?.options;
    return Array.isArray(group) ? choicesOf(group) : choiceOf(item, 'value');
  });
}

function choiceOf(item: unknown, key: 'value' | 'modelId'): Choice[] {
  const fields = fieldsOf(item);
  const value = textOf(fields?.[key]);
  return value === undefined ? [] : [{ value, name: textOf(fields?.name) }];
}

function unavailable(
  agent: AgentContext,
  model: string,
  choices: readonly Choice[],
  taskId: string,
  cause?: unknown,
): TaskError {
  const values = choices.map((choice) => choice.value);
  const why = cause === undefined ? '' : `: ${messageOf(cause)}`;
  const listed = values.slice(0, LISTED).join(', ');
  const more = values.length > LISTED ? ` and ${values.length - LISTED} more` : '';
  const offers = values.length === 0 ? 'lists no models to choose from' : `offers ${listed}${more}`;
  const did = cause === undefined ? 'does not offer' : 'did not accept';
  return errorOf(
    {
      code: 'ModelUnavailable',
      message: agent.redact(`${agent.title} ${did} the model "${model}"${why}. It ${offers}.`),
      next: [
        ...suggestions(model, values),
        operationStep('Choose another model', 'task.update', { task: taskId }, ['assignedTo']),
        textStep("Or name only the agent to use the agent's default model. Then restart the task."),
      ],
    },
    cause,
  );
}
