import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { ScriptedModel } from '../../support/scripted-model/server.ts';

/** Everything it takes to run the real OpenCode, apart from everything of this machine's user. */
export interface OpencodeEnvironment {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: its own home, the scripted model, nothing from outside; `opencode` is found on its PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty folder to work in. */
  readonly workspace: string;
  /** Removes home and workspace. */
  remove(): Promise<void>;
}

/**
 * Prepares an OpenCode that talks to a scripted model on loopback and to nothing else, and that asks before it edits or
 * runs anything.
 *
 * @param program the path that `installAgent` gave
 * @param permission another permission for its tools
 */
export async function opencodeEnv(
  program: string,
  model: ScriptedModel,
  permission: Readonly<Record<string, string>> = {},
): Promise<OpencodeEnvironment> {
  const root = await mkdtemp(join(tmpdir(), 'opencode-'));
  const home = join(root, 'home');
  const workspace = join(root, 'workspace');
  await mkdir(home);
  await mkdir(workspace);
  const config = join(home, 'opencode.json');
  await writeFile(config, JSON.stringify(configOf(model, permission), null, 2));
  const catalog = join(home, 'models.json');
  await writeFile(catalog, '{}');
  return {
    command: program,
    args: ['acp'],
    workspace,
    env: {
      PATH: [dirname(program), process.env.PATH ?? ''].join(delimiter),
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_STATE_HOME: join(home, 'state'),
      OPENCODE_CONFIG: config,
      OPENCODE_PURE: '1',
      OPENCODE_DISABLE_AUTOUPDATE: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1',
      OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      // Its own catalogue has thousands of models: reading it takes half of the start.
      OPENCODE_MODELS_PATH: catalog,
      OPENCODE_DISABLE_SHARE: '1',
    },
    remove: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  };
}

function configOf(model: ScriptedModel, permission: Readonly<Record<string, string>>): object {
  const models = {
    scripted: { name: 'Scripted', limit: { context: 100_000, output: 8_000 }, cost: { input: 3, output: 15 } },
  };
  const options = { baseURL: model.baseURL, apiKey: 'none' };
  return {
    autoupdate: false,
    share: 'disabled',
    enabled_providers: ['scripted'],
    provider: { scripted: { npm: '@ai-sdk/openai-compatible', name: 'Scripted', options, models } },
    model: 'scripted/scripted',
    small_model: 'scripted/scripted',
    permission: { edit: 'ask', bash: 'ask', webfetch: 'deny', ...permission },
  };
}
