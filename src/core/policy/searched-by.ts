import { operandsOf } from './command-options.ts';

/** A command that shows contents of files without naming each. */
export interface Searched {
  /** `found`: files that are neither ignored nor hidden; `tracked`: files that git has; `changed`: those of a diff. */
  readonly how: 'found' | 'tracked' | 'changed';
  /** Paths that limit it, as the command names them; none: the whole folder. */
  readonly paths: readonly string[];
}

/** Subcommands of git that show names, counts and messages, and no contents of files. */
const namesOnly = new Set(
  `add branch ls-files rev-parse rev-list describe remote fetch push pull config init clone status commit tag reflog shortlog
  checkout switch restore reset rm mv clean gc worktree submodule merge rebase symbolic-ref check-ignore count-objects fsck version help`.split(
    /\s+/,
  ),
);
/** Options with which `git log` still shows no contents. */
const logOption =
  /^(-\d+|-[ni]\d*|--(max-count|skip|oneline|graph|decorate|all|branches|tags|remotes|follow|author|grep|since|until|after|before|pretty|format|date|merges|no-merges|first-parent|reverse|abbrev-commit|no-decorate|no-patch|stat|numstat|shortstat|summary|name-only|name-status|diff-filter|no-color|color|no-renames)(=.*)?|-s)$/;
const diffs = /^(diff|show|log|whatchanged|format-patch|range-diff|diff-tree|diff-index|diff-files)$/;

/** The paths that a command searches or shows without naming each file; undefined if it shows only named files. */
export function searchedBy(words: readonly string[]): Searched | undefined {
  const [program = ''] = words;
  if (program === 'git') return searchedByGit(words);
  if (program === 'rg') return { how: 'found', paths: searchPaths(words) };
  if (program === 'grep' && words.some((word) => /^-\w*[rR]|^--(dereference-)?recursive$/.test(word))) {
    return { how: 'found', paths: searchPaths(words) };
  }
  return undefined;
}

function searchedByGit(words: readonly string[]): Searched | undefined {
  const [, task = ''] = words;
  const after = words.includes('--') ? words.slice(words.indexOf('--') + 1) : [];
  const options = words.slice(2).filter((word) => word.startsWith('-'));
  // These show the diff to commit.
  const verbose = /^(status|commit)$/.test(task) && options.some((word) => /^-[a-z]*v|^--verbose$/.test(word));
  if (verbose) return { how: 'changed', paths: after };
  if (namesOnly.has(task) || (task === 'stash' && words[2] === 'list')) return undefined;
  if (task === 'log' && options.filter((word) => word !== '--').every((word) => logOption.test(word))) return undefined;
  return {
    how: diffs.test(task) ? 'changed' : 'tracked',
    paths: task === 'blame' ? operandsOf(words).slice(1) : after,
  };
}

/** The paths of a search: its operands but the text that it looks for. */
function searchPaths(words: readonly string[]): readonly string[] {
  const named = words.some((word) => /^(-\w*e|--regexp)/.test(word));
  return operandsOf(words).slice(named ? 0 : 1);
}
