import type { GuardedClient } from '../guarded-client.ts';
import type { Connection } from './connection.ts';
import type { OpenedSession } from './handshake.ts';
import { fieldsOf, listOf, textOf } from './wire.ts';

/**
 * Selects a model of the session by the id or name that the agent offers. If it is unavailable, a warning is logged and
 * the agent keeps its default model.
 */
export async function chooseModel(
  connection: Connection,
  session: OpenedSession,
  model: string,
  client: GuardedClient,
): Promise<void> {
  const option = listOf(session.configOptions)
    .map(fieldsOf)
    .find((item) => item?.category === 'model' || item?.id === 'model');
  const choices = choicesOf(option?.options);
  const value = choices.find((choice) => choice.value === model || choice.name === model)?.value;
  if (value === undefined) return await say(client, `The agent does not offer the model "${model}"`, choices);
  if (value === option?.currentValue) return;
  try {
    await connection.request('session/set_config_option', { sessionId: session.id, configId: option?.id, value });
  } catch {
    await say(client, `The agent did not take the model "${model}"`, choices);
  }
}

/** The choices of a selector; they come flat or in groups. */
function choicesOf(options: unknown): { value: string; name: string | undefined }[] {
  return listOf(options).flatMap((item) => {
    const fields = fieldsOf(item);
    if (Array.isArray(fields?.options)) return choicesOf(fields.options);
    const value = textOf(fields?.value);
    return value === undefined ? [] : [{ value, name: textOf(fields?.name) }];
  });
}

async function say(client: GuardedClient, what: string, choices: readonly { value: string }[]): Promise<void> {
  const offered =
    choices.length === 0
      ? ''
      : ` It offers ${choices
          .slice(0, 20)
          .map((choice) => choice.value)
          .join(', ')}.`;
  await client.log({ type: 'system', level: 'warn', message: `${what}; it keeps its default model.${offered}` });
}
