/** A path for display: relative to its folder, or to the worktree inside that folder. */
export function pathWithin(path: string, folder: string): string {
  const rest = path.startsWith(folder) ? path.slice(folder.length) : '';
  if (!/^[\\/]./.test(rest)) return path;
  return rest.slice(1).replace(/^\.systemprompt[\\/]worktrees[\\/][^\\/]+[\\/](?=.)/, '');
}

/** A line with paths inside a folder made relative to it. */
export function namesWithin(text: string, folder: string): string {
  // A path that merely ends with the name of the folder is a different one.
  const begin = /(^|[\s"'`(=:,[<])$/;
  const separators = [`${folder}/`, `${folder}\\`];
  if (folder.length < 2) return text;
  return separators.reduce((line, prefix) => {
    const [first = '', ...parts] = line.split(prefix);
    return parts.reduce(
      (said, part) => said + (begin.test(said) && /^[^\s/\\]/.test(part) ? part : prefix + part),
      first,
    );
  }, text);
}
