import type { PermissionDecision, PermissionRequest } from '../../core/agent/port.ts';

/**
 * Reasons of the latest refusals, as long as the agent has sent no message since: many agents end their turn at a refusal
 * without passing the reason to their model.
 */
export class Refusals {
  private reasons: string[] = [];

  note({ title }: PermissionRequest, { approved, cancelled, notes }: PermissionDecision): void {
    if (approved || cancelled === true || notes === undefined || notes.trim() === '') return;
    this.reasons.push(`${title}: ${notes.trim()}`);
  }

  /** The agent has sent a message. */
  clear(): void {
    this.reasons = [];
  }

  /** Returns each reason once. */
  take(): readonly string[] {
    return this.reasons.splice(0);
  }
}
