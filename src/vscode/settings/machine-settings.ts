import * as vscode from 'vscode';
import type { Logger } from '../../core/logger.ts';
import { Serial } from '../../core/serial.ts';
import type { EditorSettings } from '../../runtime/settings/editor-settings.ts';
import { machineSettings } from '../contributions.ts';
import type { TaskFolders } from '../folders/task-folders.ts';

/** Keeps a copy of the settings that workers and the command line follow, too. A restricted window writes nothing. */
export class MachineSettings implements vscode.Disposable {
  private readonly folders: TaskFolders;
  private readonly logger: Logger;
  private readonly turns = new Serial();
  private readonly subscriptions: readonly vscode.Disposable[];

  constructor(folders: TaskFolders, logger: Logger) {
    this.folders = folders;
    this.logger = logger;
    this.subscriptions = [
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (Object.keys(machineSettings).some((key) => event.affectsConfiguration(key))) void this.copy();
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.copy()),
    ];
    void this.copy();
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private copy(): Promise<void> {
    return this.turns.run(async () => {
      try {
        await this.update();
      } catch (error) {
        this.logger.warn('Workers do not follow the settings of the editor: their copy could not be written.', error);
      }
    });
  }

  private async update(): Promise<void> {
    if (!vscode.workspace.isTrusted) return;
    const { writeEditorSettings } = await import('../../runtime/settings/editor-settings.ts');
    if (!(await writeEditorSettings(chosen(), vscode.env.appName))) return;
    await Promise.all(this.folders.all.map(({ host }) => host?.readSettings()));
  }
}

/** The settings that the person set. Defaults stay out: they would hide the configuration file of the machine. */
function chosen(): EditorSettings {
  const configuration = vscode.workspace.getConfiguration();
  const found: Record<string, unknown> = {};
  for (const [key, [section, name]] of Object.entries(machineSettings)) {
    const value = configuration.inspect(key)?.globalValue;
    if (value === undefined || value === null) continue;
    if (name === undefined) found[section] = value;
    else found[section] = { ...(found[section] as object | undefined), [name]: value };
  }
  return found;
}
