// An extension of the tests that provides a model to the editor. It answers by a script, in parts, with calls of tools.
const vscode = require('vscode');

const CHARS_PER_TOKEN = 10;
const model = {
  id: 'scripted-model',
  name: 'Scripted Model',
  family: 'scripted',
  version: '1',
  maxInputTokens: 100_000,
  maxOutputTokens: 10_000,
  capabilities: { toolCalling: true },
};

const steps = [
  {
    text: ['I write ', 'the file.'],
    call: ['edit_file', { path: 'written.txt', old_text: '', new_text: 'by a model\n' }],
  },
  { text: [], call: ['run_command', { command: 'cat written.txt' }] },
  { text: ['The file is ', 'written.'] },
];

exports.activate = (context) => {
  context.subscriptions.push(
    vscode.lm.registerLanguageModelChatProvider('scripted', {
      provideLanguageModelChatInformation: () => [model],
      async provideLanguageModelChatResponse(_model, messages, options, progress, token) {
        const parts = messages.flatMap(({ content }) => content);
        const results = parts.filter((part) => part instanceof vscode.LanguageModelToolResultPart).length;
        if (!options.tools?.some(({ name }) => name === 'edit_file')) return;
        if (JSON.stringify(messages).includes('Never answer.')) {
          progress.report(new vscode.LanguageModelTextPart('thinking '));
          return new Promise((resolve) => token.onCancellationRequested(() => resolve(undefined)));
        }
        const { text, call } = steps[Math.min(results, steps.length - 1)];
        for (const word of text) {
          progress.report(new vscode.LanguageModelTextPart(word));
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
        if (call !== undefined)
          progress.report(new vscode.LanguageModelToolCallPart(`call-${results}`, call[0], call[1]));
      },
      async provideTokenCount(_model, text) {
        return Math.ceil((typeof text === 'string' ? text : JSON.stringify(text.content)).length / CHARS_PER_TOKEN);
      },
    }),
  );
};
