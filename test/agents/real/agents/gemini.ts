import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { geminiContent } from '../../../support/scripted-model/gemini.ts';
import { DUMMY_KEY, type RealAgent } from './agent.ts';

export const gemini: RealAgent = {
  name: 'GEMINI',
  title: 'Gemini CLI',
  package: { name: '@google/gemini-cli', version: '0.61.0', program: 'gemini' },
  api: geminiContent,
  other: { choice: 'gemini-2.5-pro', reaches: /gemini-2\.5-pro/ },
  async configure(home, baseURL) {
    const folder = join(home, '.gemini');
    await mkdir(folder, { recursive: true });
    const settings = {
      security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
      privacy: { usageStatisticsEnabled: false },
      // Retries take minutes otherwise.
      general: { enableAutoUpdate: false, disableAutoUpdate: true, maxAttempts: 2 },
    };
    await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
    return { GEMINI_API_KEY: DUMMY_KEY, GOOGLE_GEMINI_BASE_URL: baseURL, GEMINI_CLI_NO_RELAUNCH: 'true' };
  },
  cwdIn: (conversation) => /Workspace Directories:\*\*\\n +- ([^\\]+)/.exec(conversation)?.[1],
  native(call, cwd) {
    switch (call.kind) {
      case 'write':
        return [{ name: 'write_file', input: { file_path: join(cwd, call.path), content: call.content } }];
      case 'run':
        return [{ name: 'run_shell_command', input: { command: call.command } }];
      case 'read':
        return [{ name: 'read_file', input: { file_path: join(cwd, call.path) } }];
      case 'plan':
        return [];
      case 'ask':
        return [];
    }
  },
};
