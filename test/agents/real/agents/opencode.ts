import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chatCompletions } from '../../../support/scripted-model/chat.ts';
import { DUMMY_KEY, type RealAgent } from './agent.ts';

export const opencode: RealAgent = {
  name: 'OPENCODE',
  title: 'OpenCode',
  package: { name: 'opencode-ai', version: '1.18.33', program: 'opencode', select: 'postinstall.mjs' },
  api: chatCompletions,
  other: { choice: 'scripted/other', reaches: /^other$/ },
  async configure(home, baseURL) {
    const about = { limit: { context: 100_000, output: 8_000 }, cost: { input: 3, output: 15 } };
    const models = { scripted: { name: 'Scripted', ...about }, other: { name: 'Other', ...about } };
    const provider = {
      npm: '@ai-sdk/openai-compatible',
      name: 'Scripted',
      options: { baseURL, apiKey: DUMMY_KEY },
      models,
    };
    const config = {
      autoupdate: false,
      share: 'disabled',
      enabled_providers: ['scripted'],
      provider: { scripted: provider },
      model: 'scripted/scripted',
      small_model: 'scripted/scripted',
      permission: { edit: 'ask', bash: 'ask', webfetch: 'deny' },
    };
    const file = join(home, 'opencode.json');
    await writeFile(file, JSON.stringify(config));
    const catalog = join(home, 'models.json');
    await writeFile(catalog, '{}');
    return {
      OPENCODE_CONFIG: file,
      OPENCODE_PURE: '1',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      // Its own catalogue has thousands of models: reading it takes half of the start.
      OPENCODE_MODELS_PATH: catalog,
      OPENCODE_DISABLE_SHARE: '1',
    };
  },
  cwdIn: (conversation) => /orking directory: ([^\\"\n]+)/.exec(conversation)?.[1],
  native(call, cwd) {
    switch (call.kind) {
      case 'write':
        return [{ name: 'write', input: { filePath: join(cwd, call.path), content: call.content } }];
      case 'run':
        return [{ name: 'bash', input: { command: call.command, description: 'Runs the command' } }];
      case 'read':
        return [{ name: 'read', input: { filePath: join(cwd, call.path) } }];
      case 'plan': {
        const todos = call.steps.map(({ text, status }) => ({ content: text, status, priority: 'medium' }));
        return [{ name: 'todowrite', input: { todos } }];
      }
      case 'ask': {
        const options = call.options.map((label) => ({ label, description: label }));
        return [{ name: 'question', input: { questions: [{ question: call.question, header: 'Choice', options }] } }];
      }
    }
  },
};
