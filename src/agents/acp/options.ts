import type { NextStep } from '../../core/next-step.ts';
import type { Environment } from '../environment.ts';
import type { Launcher } from '../launcher.ts';
import type { NativeTools } from '../native-tools.ts';
import type { TokensCount } from './accounting.ts';

/** Options for running an agent over the Agent Client Protocol. */
export interface AcpAgentOptions {
  readonly name: string;
  readonly title: string;
  /** Absolute path of the program. */
  readonly command: string;
  readonly args: readonly string[];
  /** The complete base environment. */
  readonly env: Environment;
  /** How a person logs in when the agent reports that nobody is logged in. */
  readonly login?: readonly NextStep[] | undefined;
  /** Scope of the token counts in prompt responses. Default: the turn. */
  readonly tokensCount?: TokensCount | undefined;
  /**
   * True for an agent that sends `fs/write_text_file` after each edit, though that is not offered, only to keep an
   * editor's buffers in step, and writes the file itself. It is answered without doing anything: a write of our own could
   * come after the agent's next one, and an error is a page of noise in the log each time.
   */
  readonly writesItself?: boolean | undefined;
  /** Starts the agent's process. */
  readonly launcher: Launcher;
  /** How the agent receives the allowed tools of a task. */
  readonly native?: NativeTools | undefined;
  /** Milliseconds until the agent must accept its first prompt. Default: 60,000. Prompts have no time limit. */
  readonly startTimeoutMs?: number | undefined;
  /** Grace period of a cancelled turn in milliseconds, before its processes are ended. Default: 5,000. */
  readonly cancelGraceMs?: number | undefined;
}
