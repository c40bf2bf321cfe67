/** The permissions of a team, as in docs/postgres.md. */
const grants: Readonly<Record<string, string>> = {
  schema: 'grant usage on schema systemprompt to USER;',
  table: 'grant select, insert, update, delete on all tables in schema systemprompt to USER;',
  function: 'grant execute on all routines in schema systemprompt to USER;',
};

/** @param reason the server's own words, which alone name the object */
export function grantFor(reason: string): string {
  const [, kind = '', name = ''] = /permission denied for (\w+) (\S+)/.exec(reason) ?? [];
  if (kind === 'database') return `Run this as the owner of the database:\n  grant create on database ${name} to USER;`;
  if (/must be owner/.test(reason)) return 'Run the command as the owner of the schema "systemprompt".';
  const grant = grants[kind === 'procedure' ? 'function' : kind];
  const needed = grant === undefined ? Object.values(grants) : [grant];
  return `Run this as the owner of the schema "systemprompt":\n  ${needed.join('\n  ')}`;
}
