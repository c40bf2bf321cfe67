import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { TaskRecord } from '../../../src/core/task/schema.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { type Cli, cli } from '../../cli/cli.ts';
import { type TestRepository, testRepository } from '../../runtime/worktrees/repository.ts';
import { chatCompletions } from '../../support/scripted-model/chat.ts';
import { type ScriptedModel, startScriptedModel } from '../../support/scripted-model/server.ts';
import type { ModelReply, ModelRequest, ModelTurn } from '../../support/scripted-model/turn.ts';
import { until } from '../../support/temp-folder.ts';
import { opencodeEnv } from './harness.ts';

/** An agent starts slowly on a machine that has much to do, and two at once more so. */
const WAIT_MS = 150_000;

type Script = ModelTurn | ModelReply;

/** What the tests read of a task. */
export interface Shown {
  id: string;
  status: string;
  error?: string;
  error_code?: string;
  pause_reason?: string;
  approvals: {
    number: number;
    kind: string;
    status: string;
    title: string;
    rule?: string;
    detail?: { files?: string[]; diffs?: unknown[]; command?: string };
  }[];
  executions: { session_id?: string }[];
  lease?: { pid: number };
  usage?: { total_tokens?: number; input_tokens?: number };
  workspace?: { path: string; branch: string };
  logs: { message: string; type: string; metadata?: Record<string, unknown> }[];
}

/** The whole product between a person's command line and a model that follows a script: nothing in between is a fake. */
export interface CliBench {
  readonly run: Cli;
  readonly model: ScriptedModel;
  show(task?: string): Promise<Shown>;
  /** Waits for one of these, and gives what the command line shows then. */
  reaches(status: string | readonly string[], task?: string): Promise<Shown>;
  /** Waits for a request that a person has to decide. */
  asks(task?: string): Promise<Shown>;
  /** Waits until no worker holds the task any more. */
  releaseTask(task?: string): Promise<void>;
}

/**
 * Makes a folder in which OPENCODE is the real one. Its `bash` and `edit` ask before they do anything.
 *
 * @param script what the model says, given the folder
 * @param permission another permission for tools of OpenCode's own configuration
 */
export async function cliBench(
  context: TestContext,
  program: string,
  script: Script[] | ((folder: string) => Script[]),
  permission: Readonly<Record<string, string>> = {},
): Promise<CliBench> {
  const turns: Script[] = [];
  const model = await startScriptedModel(chatCompletions, turns);
  context.after(() => model.close());
  const opencode = await opencodeEnv(program, model, permission);
  context.after(() => opencode.remove());
  // Closed before the folder goes away. It only looks: a command for each look would take the machine from the agent.
  const watching: { store?: TaskStore } = {};
  context.after(() => watching.store?.close());
  const run = cli(context, undefined, undefined, opencode.env);
  watching.store = await TaskStore.open({ folder: run.folder, watch: false });
  const { store } = watching;
  turns.push(...(typeof script === 'function' ? script(run.folder) : script));
  const show = (task = '1'): Promise<Shown> => run.json<Shown>('task', 'show', task);
  const comes = async (what: string, task: string, isSo: (task: TaskRecord) => boolean): Promise<void> => {
    const now = (): TaskRecord => store.resolve(task);
    const look = async (): Promise<boolean> => {
      // As a command would: what the one before it has changed is known.
      await store.refresh();
      return isSo(now());
    };
    await until(what, look, WAIT_MS).catch((error) =>
      assert.fail(`${error.message} It is ${now().status}: ${now().error ?? 'no error'}`),
    );
  };
  const reaches: CliBench['reaches'] = async (status, task = '1') => {
    const wanted = [status].flat();
    await comes(`the task is ${wanted.join(' or ')}`, task, (now) => wanted.includes(now.status));
    return show(task);
  };
  const asks: CliBench['asks'] = async (task = '1') => {
    await comes('it asks', task, ({ approvals }) => approvals.some(({ status }) => status === 'pending'));
    return show(task);
  };
  const releaseTask: CliBench['releaseTask'] = (task = '1') =>
    comes('it is let go of', task, ({ lease }) => lease === undefined);
  return { run, model, show, reaches, asks, releaseTask };
}

/** A turn in which the model writes a file; a path that is not absolute is from where OpenCode works. */
export function writing(path: string, content: string, usage?: ModelTurn['usage']): ModelTurn {
  const tools = [{ name: 'write', input: { filePath: path, content } }];
  return { text: 'I will write it.', tools, ...(usage === undefined ? {} : { usage }) };
}

/** A turn in which the model runs a command. */
export function running(command: string): ModelTurn {
  return { text: 'I will run it.', tools: [{ name: 'bash', input: { command, description: 'runs it' } }] };
}

/** A repository in the folder of a bench, with one file. */
export function repositoryIn({ run }: CliBench): TestRepository {
  const repository = testRepository(run.folder);
  repository.commit({ 'a.txt': 'one\n', '.gitignore': '.*\n' });
  return repository;
}

/** Where a task works. */
export function worktreeOf({ run }: CliBench, shown: Shown): string {
  assert.ok(shown.workspace !== undefined, 'it has a worktree');
  return join(run.folder, shown.workspace.path);
}

/** All that the model was given with one request, as text. */
export function textOf(request: ModelRequest | undefined): string {
  return request === undefined ? '' : JSON.stringify(request.body.messages);
}
