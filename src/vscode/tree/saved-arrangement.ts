import * as vscode from 'vscode';
import { type Arrangement, readArrangement } from './arrangement.ts';

const KEY = 'tasks.arrangement';

/** The arrangement of the Tasks view, saved per workspace. */
export class SavedArrangement implements vscode.Disposable {
  private readonly state: vscode.Memento;
  private readonly changed = new vscode.EventEmitter<void>();
  private value: Arrangement;

  readonly onDidChange = this.changed.event;

  constructor(state: vscode.Memento) {
    this.state = state;
    this.value = readArrangement(state.get(KEY));
  }

  get current(): Arrangement {
    return this.value;
  }

  async set(part: Partial<Arrangement>): Promise<void> {
    this.value = { ...this.value, ...part };
    this.changed.fire();
    await this.state.update(KEY, this.value);
  }

  dispose(): void {
    this.changed.dispose();
  }
}
