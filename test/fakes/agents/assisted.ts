/**
 * A FAKE agent that starts the server of tools that it is given, as real agents do, and makes the calls of its prompt:
 * lines of JSON `{ "tool", "input" }`. With `"asks": true` it asks for permission first, by the name of Claude Code. It
 * replies with the results.
 */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { serve } from './kit.ts';

interface Server {
  readonly name: string;
  readonly command: string;
  readonly args: string[];
  readonly env: { readonly name: string; readonly value: string }[];
}

interface Call {
  readonly tool: string;
  readonly input: Record<string, unknown>;
  readonly asks?: boolean;
}

let server: Server | undefined;
let client: Promise<Client> | undefined;

async function connect({ command, args, env }: Server): Promise<Client> {
  const made = new Client({ name: 'assisted', version: '1' });
  const variables = Object.fromEntries(env.map(({ name, value }) => [name, value]));
  await made.connect(new StdioClientTransport({ command, args, env: variables, stderr: 'ignore' }));
  return made;
}

serve({
  open(_method, params) {
    [server] = params.mcpServers as Server[];
    return { sessionId: 'assisted-session' };
  },
  async prompt(turn) {
    if (server === undefined) {
      turn.say('No tools.');
      return 'end_turn';
    }
    client ??= connect(server);
    const connected = await client;
    const results: unknown[] = [];
    for (const line of turn.text.split('\n').filter((each) => each.startsWith('{'))) {
      const { tool, input, asks } = JSON.parse(line) as Call;
      const title = `mcp__${server.name}__${tool}`;
      const option =
        asks === true
          ? await turn.ask({ toolCallId: `call-${results.length}`, title, kind: 'other', name: title, rawInput: input })
          : 'allow_once';
      if (!option.startsWith('allow')) results.push(option);
      else if (tool === 'tools/list') results.push(await connected.listTools());
      else {
        const { isError, structuredContent } = await connected.callTool({ name: tool, arguments: input });
        results.push(isError === true ? { refused: structuredContent } : structuredContent);
      }
    }
    turn.say(JSON.stringify(results));
    return 'end_turn';
  },
});
