import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { must, root } from '../../scripts/process.ts';
import { makeRepository } from '../../scripts/sample-workspace.ts';
import { fakeAgentPath } from './fake-agent.ts';
import type { Window } from './window.ts';
import { TestWorkbench, type WorkbenchOptions } from './workbench.ts';

interface FakeProgram {
  readonly fake: string;
  readonly title: string;
  readonly args?: readonly string[];
}

/** A person's desk: a repository, a window on it with the view of the tasks open, and a terminal beside. */
export class Desk {
  /** The folder of everything that belongs to the test; the repository is in it. */
  readonly base: string;
  readonly folder: string;
  /** For what runs in the terminal, besides what the test has itself. */
  env: NodeJS.ProcessEnv = {};
  private readonly name: string;
  private workbench: TestWorkbench | undefined;

  private constructor(name: string, base: string) {
    this.name = name;
    this.base = base;
    this.folder = path.join(base, 'tally');
  }

  /** The repository alone. */
  static async make(name: string): Promise<Desk> {
    const desk = new Desk(name, await mkdtemp(path.join(tmpdir(), `${name}-`)));
    await makeRepository(desk.folder);
    return desk;
  }

  /** Fake agents, by their names and their files in `test/fakes`, in the settings of a machine that is the test's own. */
  async haveAgents(agents: Readonly<Record<string, FakeProgram>>): Promise<void> {
    const home = path.join(this.base, 'config');
    await mkdir(path.join(home, 'systemprompt'), { recursive: true });
    const configured = Object.entries(agents).map(([name, { fake, title, args = [] }]) => {
      return [name, { command: process.execPath, args: [fakeAgentPath(fake), ...args], title }];
    });
    const settings = JSON.stringify({ agents: Object.fromEntries(configured) });
    await writeFile(path.join(home, 'systemprompt', 'config.json'), settings);
    process.env['XDG_CONFIG_HOME'] = home;
  }

  /** Starts the editor, and opens the window. */
  async open(settings: NonNullable<WorkbenchOptions['settings']> = {}): Promise<Window> {
    this.workbench = await TestWorkbench.start({ gallery: this.name, settings });
    const window = await this.workbench.open(this.folder);
    await window.openContainer(/SystemPrompt/);
    return window;
  }

  /** What another process does, as somebody in a terminal would. */
  async cli(...args: string[]): Promise<string> {
    const env = { ...process.env, ...this.env };
    return must(process.execPath, [path.join(root, 'dist', 'cli.cjs'), ...args, '-C', this.folder], {
      output: 'hide',
      env,
    });
  }

  async close(): Promise<void> {
    await this.workbench?.close();
    await rm(this.base, { recursive: true, force: true, maxRetries: 5 });
  }
}
