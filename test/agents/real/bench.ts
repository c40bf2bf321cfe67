import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { OWN_SERVER } from '../../../src/core/agent/own-tools.ts';
import type { TaskRecord, TaskStatus } from '../../../src/core/task/schema.ts';
import { TaskStore } from '../../../src/store/task-store.ts';
import { type Cli, cli } from '../../cli/cli.ts';
import { processesLeft } from '../../support/processes.ts';
import { type ScriptedModel, startScriptedModel } from '../../support/scripted-model/server.ts';
import type { ModelReply, ModelRequest, ModelTurn, NativeCall } from '../../support/scripted-model/turn.ts';
import { tempFolder, until } from '../../support/temp-folder.ts';
import type { RealAgent } from './agents/agent.ts';
import type { OwnCall, ToolCall } from './tool-call.ts';

/** Milliseconds for an agent on a busy machine. */
const WAIT_MS = 240_000;

/** Searches for a deferred tool: an agent may begin its work before the server of the tool has started. */
const SEARCHES = 200;

/** Milliseconds before each search. */
const SEARCH_MS = 300;

/** A turn of the model, in which tools are called by their meaning. */
export type Step = Omit<ModelTurn, 'tools'> & { readonly tools?: readonly ToolCall[] };

/** The next turn by the conversation, where several sessions are open at once. */
export type Script = readonly Step[] | ((conversation: string) => Step);

/** Releases what a scenario started, last first. */
export class Releases {
  private readonly ends: (() => void | Promise<void>)[] = [];

  after(end: () => void | Promise<void>): void {
    this.ends.push(end);
  }

  async run(): Promise<void> {
    for (const end of this.ends.splice(0).reverse()) await end();
  }
}

/** The whole product between a person's command line and a scripted model: nothing in between is a fake. */
export interface Bench {
  readonly agent: RealAgent;
  readonly run: Cli;
  /** The command line of a machine without the agent. */
  readonly uninstalled: Cli;
  /** The command line of a person who has not logged in. */
  readonly loggedOut: Cli;
  readonly model: ScriptedModel;
  readonly home: string;
  /** Adds keys to the agent's entry in the configuration. */
  configure(keys: object): Promise<void>;
  /** Creates and starts a task for the agent. */
  start(title: string, ...flags: string[]): Promise<void>;
  task(reference?: string): Promise<TaskRecord>;
  /** Messages, types and metadata of the task's log. */
  logs(reference?: string): Promise<readonly Logged[]>;
  /** Waits for a pending request; fails at once if the task ends without one. */
  asks(reference?: string): Promise<TaskRecord>;
  /** Waits for one of the statuses; fails at once if the task stops in another. */
  reaches(statuses: TaskStatus | readonly TaskStatus[], reference?: string): Promise<TaskRecord>;
  /** Approves every request until the task stops. */
  approveAll(reference?: string): Promise<TaskRecord>;
  /** Waits for a number of requests to the model, approving what the agent asks for meanwhile. */
  approveUntilAsked(requests: number): Promise<void>;
  /** The processes of the task that are alive. */
  left(reference?: string): Promise<string[]>;
  /** Waits until no worker holds the task. */
  released(reference?: string): Promise<void>;
}

export interface Logged {
  readonly type: string;
  readonly level: string;
  readonly message: string;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

const stopped: readonly TaskStatus[] = ['completed_active', 'completed', 'failed', 'cancelled', 'paused'];

/** Makes a folder, a home and a model for one scenario. */
export async function makeBench(releases: Releases, agent: RealAgent, program: string, script: Script): Promise<Bench> {
  const home = join(tempFolder(releases), 'home');
  const elsewhere = join(tempFolder(releases), 'home');
  for (const folder of [home, elsewhere]) mkdirSync(folder);
  const model = await startScriptedModel(agent.api, turnsOf(agent, script));
  releases.after(() => model.close());
  const path = [dirname(program), process.env.PATH ?? ''].join(delimiter);
  const xdg = { XDG_CONFIG_HOME: undefined, XDG_DATA_HOME: undefined, XDG_CACHE_HOME: undefined };
  const own = await agent.configure(home, model.baseURL);
  const settings = join(home, '.config', 'systemprompt');
  mkdirSync(settings, { recursive: true });
  // An agent starts slowly on a machine that has much to do.
  const configure = async (keys: object): Promise<void> => {
    const entry = { startSeconds: 600, ...keys };
    writeFileSync(join(settings, 'config.json'), JSON.stringify({ agents: { [agent.name]: entry } }));
  };
  await configure({});
  const base = { ...xdg, ...agent.machine, PATH: path, HOME: home };
  const run = cli(releases, undefined, undefined, { ...base, ...own });
  const store = await TaskStore.open({ folder: run.folder, watch: false });
  releases.after(() => store.close());
  const task = async (reference = '1'): Promise<TaskRecord> => {
    await store.refresh();
    return store.resolve(reference);
  };
  const wait = async (
    what: string,
    reference: string | undefined,
    holds: (task: TaskRecord) => boolean,
    isLost: (task: TaskRecord) => boolean,
  ): Promise<TaskRecord> => {
    let now = await task(reference);
    const look = async (): Promise<boolean> => {
      now = await task(reference);
      if (holds(now)) return true;
      if (isLost(now)) throw new Error('It stopped.');
      await new Promise((resolve) => setTimeout(resolve, 80));
      return false;
    };
    await until(what, look, WAIT_MS).catch((error: unknown) =>
      assert.fail(
        `Not ${what}: the task is ${now.status} (${now.error_code ?? now.pause_reason ?? ''} ${now.error ?? ''}). ${error}`,
      ),
    );
    return now;
  };
  const isAsking = ({ approvals }: TaskRecord): boolean => approvals.some(({ status }) => status === 'pending');
  const hasStopped = (now: TaskRecord): boolean => stopped.includes(now.status) && !isAsking(now) && isSettled(now);
  const approveAll = async (reference = '1'): Promise<TaskRecord> => {
    for (;;) {
      const now = await wait(
        'asking or stopped',
        reference,
        (t) => isAsking(t) || hasStopped(t),
        () => false,
      );
      if (!isAsking(now)) return now;
      await run('task', 'approve', reference, '--all');
    }
  };
  return {
    agent,
    run,
    uninstalled: cli(releases, run.folder, undefined, { ...base, PATH: process.env.PATH ?? '' }),
    loggedOut: cli(releases, run.folder, undefined, { ...base, HOME: elsewhere }),
    model,
    home,
    configure,
    start: async (title, ...flags) => {
      await run.ok('task', 'create', title, '--assigned-to', agent.name, '--start', ...flags);
    },
    task,
    logs: async (reference = '1') => (await store.getTaskLogs((await task(reference)).id)) as unknown as Logged[],
    asks: (reference) => wait('asking', reference, isAsking, hasStopped),
    reaches: (statuses, reference) => {
      const wanted = [statuses].flat();
      return wait(wanted.join(' or '), reference, (t) => wanted.includes(t.status) && isSettled(t), hasStopped);
    },
    approveAll,
    approveUntilAsked: async (requests) => {
      while (model.requests.length < requests) {
        const now = await wait(
          `asking the model ${requests} times`,
          '1',
          (t) => model.requests.length >= requests || isAsking(t),
          hasStopped,
        );
        // A request that came with the last call of the model is the scenario's to decide.
        if (model.requests.length < requests && isAsking(now)) await run('task', 'approve', '1', '--all');
      }
    },
    left: async (reference) => processesLeft((await task(reference)).id),
    released: async (reference) => {
      await wait(
        'released',
        reference,
        ({ lease }) => lease === undefined,
        () => false,
      );
    },
  };
}

/** An open session is one whose turn is over, and a paused task one that no worker is about to resume. */
function isSettled(task: TaskRecord): boolean {
  const { status, queued_at: queued, not_before: later, rate_limit_until: limited } = task;
  if (status === 'paused' && queued !== undefined && later === undefined && limited === undefined) return false;
  return task.follow_ups?.every(({ taken_at }) => taken_at !== undefined) ?? true;
}

/** The turns of a scripted model in the terms of an agent. */
export function turnsOf(agent: RealAgent, script: Script): readonly ModelReply[] {
  let searches = 0;
  const turn = ({ tools, ...step }: Step, request: ModelRequest): ModelTurn => {
    if (tools === undefined) return step;
    const cwd = agent.cwdIn(request.text) ?? '.';
    const calls = tools.map((call) => (call.kind === 'own' ? ownCall(call, request) : agent.native(call, cwd)));
    const isMissing = calls.some((call) => call === undefined);
    if (isMissing && agent.find !== undefined && searches < SEARCHES) {
      searches += 1;
      return { text: 'Next.', tools: [agent.find(request)], delayMs: SEARCH_MS, again: true };
    }
    // Without the tool, an ordinary answer ends the run.
    return { text: 'Next.', ...step, tools: calls.flatMap((call) => call ?? []) };
  };
  if (typeof script === 'function')
    return Array.from({ length: 50 }, () => ({ reply: (text, request) => turn(script(text), request) }));
  return script.map((step) => ({ reply: (_, request) => turn(step, request) }));
}

/** As a model does, it takes the name from the request. Undefined if the tool is not offered. */
function ownCall({ tool, input }: OwnCall, { tools }: ModelRequest): readonly NativeCall[] | undefined {
  const name = tools.find((each) => each.includes(OWN_SERVER) && each.endsWith(tool));
  return name === undefined ? undefined : [{ name, input }];
}
