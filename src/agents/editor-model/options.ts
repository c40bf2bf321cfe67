import type { ModelOffer } from '../../core/editor-model/offer.ts';
import type { Environment } from '../environment.ts';
import type { Launcher } from '../launcher.ts';

/** The parts of this process that the agent for models of an editor needs. */
export interface EditorModelOptions {
  /** The offers of open windows of the folder. Cheap. */
  readonly offers: () => readonly ModelOffer[];
  /** Absolute folder of the conversations. */
  readonly sessions: string;
  /** The Node script that runs the agent. */
  readonly script: () => string;
  readonly env?: Environment | undefined;
  readonly launcher: Launcher;
}
