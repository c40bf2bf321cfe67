import type { PermissionDecision, PermissionRequest } from '../../core/agent/port.ts';
import type { Refusal } from '../../core/agent/prompt.ts';

/**
 * Refusals that an agent must still receive. No agent passes the reason on to its model: of a person's, it receives all; of a
 * rule's, those after which it ended its turn without a message.
 */
export class Refusals {
  private refusals: Refusal[] = [];

  note({ title }: PermissionRequest, { approved, cancelled, notes = '' }: PermissionDecision, byPerson: boolean): void {
    if (approved || cancelled === true) return;
    const reason = notes.trim();
    this.refusals.push({ title, byPerson, ...(reason === '' ? {} : { reason }) });
  }

  /** The agent has sent a message, so that it continues. The comment of a person must still reach it. */
  clear(): void {
    this.refusals = this.refusals.filter(({ byPerson, reason }) => byPerson && reason !== undefined);
  }

  /** Returns each refusal once. */
  take(): readonly Refusal[] {
    return this.refusals.splice(0);
  }
}
