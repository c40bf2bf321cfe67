import { fieldsOf, textOf } from '../../../acp/wire.ts';
import type { JsonRpc } from '../json-rpc.ts';
import { definitionOf, type Tool, textInput } from './tool.ts';

const answerForm = {
  type: 'object',
  properties: { answer: { type: 'string', title: 'Answer' } },
  required: ['answer'],
};

/** Asks a person; the call waits for the answer. */
export function askTool(worker: Pick<JsonRpc, 'request'>, sessionId: string): Tool {
  return {
    definition: definitionOf(
      'ask_person',
      'Ask the person a question that you cannot answer yourself, and wait for the answer.',
      { question: { type: 'string', description: 'The question, with the options if there are some.' } },
      ['question'],
    ),
    async prepare(input) {
      const message = textInput(input, 'question');
      return {
        // Without an effect, so that a list of allowed tools does not forbid it.
        shown: { title: message.split('\n', 1)[0] ?? '', kind: 'think' },
        asks: false,
        async run() {
          const form = { sessionId, mode: 'form', message, requestedSchema: answerForm };
          const reply = fieldsOf(await worker.request('elicitation/create', form));
          const answer = textOf(fieldsOf(reply?.content)?.answer);
          if (reply?.action === 'accept' && answer !== undefined) return { text: answer };
          const notes = textOf(fieldsOf(reply?._meta)?.notes);
          return { text: `The person did not answer.${notes === undefined ? '' : ` ${notes}`}`, failed: true };
        },
      };
    },
  };
}
