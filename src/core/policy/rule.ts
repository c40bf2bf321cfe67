/** The subject of a rule: commands, files, a kind of tool, or all tools of an MCP server. */
export type Subject =
  | 'command'
  | 'read'
  | 'write'
  | 'web_search'
  | 'markdown_processing'
  | 'debugging_tools'
  | `mcp:${string}`;

/** One rule of `config.json`: it allows, denies or always asks. Its schema is `permissionRuleSchema`. */
export type PermissionRule = { readonly pattern?: string | undefined } & (
  | { readonly allow: Subject }
  | { readonly deny: Subject }
  | { readonly ask: Subject }
);

export type Verdict = 'allow' | 'deny' | 'ask';

/** The name of a rule in logs and records: `allow command "npm test *"`. */
export function nameOfRule(rule: PermissionRule): string {
  const { pattern: text } = rule;
  return `${verdictOf(rule)} ${subjectOf(rule)}${text === undefined ? '' : ` "${text}"`}`;
}

export function verdictOf(rule: PermissionRule): Verdict {
  return 'allow' in rule ? 'allow' : 'deny' in rule ? 'deny' : 'ask';
}

export function subjectOf(rule: PermissionRule): Subject {
  return 'allow' in rule ? rule.allow : 'deny' in rule ? rule.deny : rule.ask;
}
