/** True if the first words of a command are those. */
export function begins(words: readonly string[], first: readonly string[]): boolean {
  return first.every((word, at) => words[at] === word);
}

/** The name of the program of a command: in small letters, without its folder and the ending of executables. */
export function programOf(words: readonly string[]): string {
  const name = (words[0] ?? '').toLowerCase().split('/').at(-1) ?? '';
  return name.replace(/\.(exe|cmd|bat|com|ps1)$/, '');
}
