import { ownTools } from '../../core/agent/own-tools.ts';
import { agentTools } from '../../runtime/agent-tools/inputs.ts';
import { objectSchema } from '../tools/json-schema.ts';
import type { ToolSet } from '../tools/operation-set.ts';
import type { ToolDefinition } from '../tools/operation-tools.ts';
import { failureOf, resultOf, type ToolResult } from '../tools/result.ts';
import type { WorkerClient } from './client.ts';

/** The definitions of the agent's tools. Hints with the default value are left out: a model reads all of this. */
export function agentDefinitions(): ToolDefinition[] {
  return ownTools.map((name) => {
    const { description, input, reads, idempotent } = agentTools[name];
    return {
      name,
      description,
      inputSchema: objectSchema(input),
      annotations: { readOnlyHint: reads, destructiveHint: false, idempotentHint: idempotent, openWorldHint: false },
    };
  });
}

/** The tools of an agent for its own task, which the worker carries out. */
export class AgentTools implements ToolSet {
  private readonly worker: WorkerClient;

  constructor(worker: WorkerClient) {
    this.worker = worker;
  }

  async list(): Promise<readonly ToolDefinition[]> {
    return agentDefinitions();
  }

  async call(name: string, input: Readonly<Record<string, unknown>>): Promise<ToolResult> {
    try {
      const { result, error } = await this.worker.call(name, input);
      if (error === undefined) return resultOf(result ?? {});
      const text = [`${error.code}: ${error.message}`, ...error.next.flatMap(labelOf)].join('\n');
      return { content: [{ type: 'text', text }], structuredContent: { error }, isError: true };
    } catch (error) {
      return failureOf(error);
    }
  }
}

function labelOf(step: unknown): string[] {
  const { label } = step as { label?: unknown };
  return typeof label === 'string' ? [label] : [];
}
