import type { ModelApi } from '../../../support/scripted-model/api.ts';
import type { ModelRequest, NativeCall } from '../../../support/scripted-model/turn.ts';
import type { AgentPackage } from '../install.ts';
import type { AgentCall } from '../tool-call.ts';

/** A real agent in the suite: everything that differs between agents is here. */
export interface RealAgent {
  /** Its name in the product. */
  readonly name: string;
  readonly title: string;
  readonly package: AgentPackage;
  readonly api: ModelApi;
  /** Another of its models: how a task names it, and the name that the API receives. */
  readonly other: { readonly choice: string; readonly reaches: RegExp };
  /** Variables that it needs on this machine, logged in or not. */
  readonly machine?: Readonly<Record<string, string>>;
  /** Writes its configuration into `home`, and gives its environment beside `PATH` and `HOME`. */
  configure(home: string, baseURL: string): Promise<Readonly<Record<string, string>>>;
  /** The folder that the agent works in, by the prompt that the model received; undefined if it takes relative paths. */
  cwdIn(conversation: string): string | undefined;
  /** Calls the tool that finds deferred tools, by the request; absent if requests offer all tools at once. */
  readonly find?: (request: ModelRequest) => NativeCall;
  /** @returns none if the agent has no such tool */
  native(call: AgentCall, cwd: string): readonly NativeCall[];
}

/** A key that must not show up anywhere; a made-up one. */
export const DUMMY_KEY = 'sk-scripted-0123456789abcdefghijklmnop';
