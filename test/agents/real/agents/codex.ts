import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openaiResponses } from '../../../support/scripted-model/responses.ts';
import { DUMMY_KEY, type RealAgent } from './agent.ts';

const escalated = { sandbox_permissions: 'require_escalated', justification: 'Shall it run?' };

export const codex: RealAgent = {
  name: 'CODEX',
  title: 'Codex',
  package: { name: '@agentclientprotocol/codex-acp', version: '2.6.0', program: 'codex-acp' },
  api: openaiResponses,
  other: { choice: 'gpt-5.6-sol', reaches: /gpt-5\.6-sol/ },
  async configure(home, baseURL) {
    const folder = join(home, '.codex');
    await mkdir(folder, { recursive: true });
    const provider = [
      'model = "gpt-5.5"',
      'model_provider = "scripted"',
      'check_for_update_on_startup = false',
      '[analytics]',
      'enabled = false',
      '[model_providers.scripted]',
      'name = "Scripted"',
      `base_url = "${baseURL}"`,
      'wire_api = "responses"',
      'env_key = "SCRIPTED_API_KEY"',
      'request_max_retries = 1',
      'stream_max_retries = 1',
    ];
    await writeFile(join(folder, 'config.toml'), `${provider.join('\n')}\n`);
    return { CODEX_HOME: folder, SCRIPTED_API_KEY: DUMMY_KEY, NO_BROWSER: '1' };
  },
  cwdIn: (conversation) => /<cwd>([^<]+)<\/cwd>/.exec(conversation)?.[1],
  find: () => ({ name: 'tool_search', input: { query: 'task progress ask part current hand over', limit: 10 } }),
  native(call) {
    switch (call.kind) {
      case 'write': {
        const lines = call.content
          .replace(/\n$/, '')
          .split('\n')
          .map((line) => `+${line}\n`)
          .join('');
        const patch = `*** Begin Patch\n*** Add File: ${call.path}\n${lines}*** End Patch\n`;
        return [{ name: 'apply_patch', input: {}, freeform: patch }];
      }
      case 'run':
        // Its sandbox runs everything else without asking.
        return [{ name: 'exec_command', input: { cmd: call.command, ...escalated } }];
      case 'read':
        return [{ name: 'exec_command', input: { cmd: `cat ${call.path}` } }];
      case 'plan':
        return [
          { name: 'update_plan', input: { plan: call.steps.map(({ text, status }) => ({ step: text, status })) } },
        ];
      case 'ask': {
        const options = call.options.map((label) => ({ label, description: label }));
        const questions = [{ id: 'choice', header: 'Choice', question: call.question, options }];
        return [{ name: 'request_user_input', input: { questions } }];
      }
    }
  },
};
