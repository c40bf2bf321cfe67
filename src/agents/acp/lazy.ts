import type { Agent } from '../../core/agent/port.ts';
import type { NextStep } from '../../core/next-step.ts';
import type { Environment } from '../environment.ts';
import type { NativeTools } from '../native-tools.ts';
import type { TokensCount } from './accounting.ts';

/** What it takes to run an agent over the Agent Client Protocol. */
export interface AcpAgentOptions {
  readonly name: string;
  readonly title: string;
  /** Absolute path of the program. */
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment to start from. */
  readonly env: Environment;
  /** What a person does when the agent says that nobody is logged in. */
  readonly login?: readonly NextStep[] | undefined;
  /** What the tokens in the response to a prompt count; each turn's own if not given. */
  readonly tokensCount?: TokensCount | undefined;
  /**
   * True for an agent that sends `fs/write_text_file` after each edit, though that is not offered, only to keep an
   * editor's buffers in step, and writes the file itself. It is answered without doing anything: a write of our own could
   * come after the agent's next one, and an error is a page of noise in the log each time.
   */
  readonly writesItself?: boolean | undefined;
  /** How it is told what a task may use. */
  readonly native?: NativeTools | undefined;
  /** Milliseconds until the first prompt must be possible; 60,000 if not given. A prompt itself has no time limit. */
  readonly startTimeoutMs?: number | undefined;
  /** Milliseconds that a cancelled turn gets to end by itself before its processes are ended; 5,000 if not given. */
  readonly cancelGraceMs?: number | undefined;
}

/** An agent whose adapter, with the protocol's library, is loaded when it is first opened: most commands never do. */
export function lazyAcpAgent(options: AcpAgentOptions): Agent {
  return {
    name: options.name,
    async open(request, client) {
      const { createAcpAgent } = await import('./agent.ts');
      return await createAcpAgent(options).open(request, client);
    },
  };
}
