import type { ApprovalDetail } from '../task/approval-schema.ts';
import { coversFolder, matchesGlob, reachesInto } from './glob.ts';
import { searchedBy } from './searched-by.ts';
import { asksForSecret, isSecretPath } from './secret-names.ts';
import { folderOf, type Places } from './tool-request.ts';

/** Programs that show the contents of the files that they name. */
const shows = /^(cat|head|tail|wc|grep|rg|sort|diff|jq|git)$/;
/** Inputs of a search that are never paths. */
const searchedFor = new Set(['pattern', 'query', 'regex', 'description']);

/** Whether a rule that allows covers all files of a request, and of a folder everything in it. */
export function coversFiles(glob: string | undefined, about: 'read' | 'write', places: Places): boolean {
  if (glob === undefined || places.length === 0) return false;
  return places.every((place) => {
    if (place === undefined || isGuarded(place, about)) return false;
    const folder = folderOf(place);
    return folder === undefined ? matchesGlob(glob, place) : coversFolder(glob, folder);
  });
}

/**
 * Whether a deny or ask rule matches one of the files, or, with `within`, a file in one of the folders. Ignores case
 * and Unicode composition, because some file systems do.
 */
export function isMeant(glob = '**', places: Places, within = false): boolean {
  const pattern = alike(glob);
  return places.some((place) => {
    if (place === undefined) return false;
    const folder = folderOf(place);
    if (matchesGlob(pattern, alike(folder ?? place))) return true;
    return within && folder !== undefined && reachesInto(pattern, alike(folder));
  });
}

/** Which of its places a command shows, or makes; one that shows files without naming them shows the whole folder. */
export function looksAt(words: readonly string[], about: 'read' | 'write', places: Places): Places {
  const [program = ''] = words;
  if (about === 'write') return program === 'mkdir' ? places : [];
  const searched = searchedBy(words);
  if (searched !== undefined && searched.paths.length === 0) return [...places, './'];
  return searched !== undefined || shows.test(program) ? places : [];
}

/** False if one of a command's words is a link out of the folder, or to a file that no rule allows. */
export function opensCommand(places: Places): boolean {
  return places.every((place) => place !== undefined && !isGuarded(place, 'write'));
}

/** True if a search names more places than its files: a path out of the folder, or a glob of secret files. */
export function leadsOut({ toolKind, toolName = '', files = [], input }: ApprovalDetail): boolean {
  if (toolKind !== 'search' || typeof input !== 'object' || input === null) return false;
  const forText = /grep|search/i.test(toolName);
  return Object.entries(input).some(([key, value]) => {
    if (forText && searchedFor.has(key)) return false;
    return [value].flat().some((text: unknown) => {
      if (typeof text !== 'string' || files.includes(text)) return false;
      return /^[/\\~]|^[A-Za-z]:/.test(text) || text.split(/[/\\,{}]/).includes('..') || asksForSecret(text);
    });
  });
}

/** True for files that no rule allows: internal files of git and of the tasks, and files that hold secrets. */
export function isGuarded(place: string, about: 'read' | 'write'): boolean {
  // Some file systems drop these characters from a name, or ignore them.
  const parts = place
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .split('/')
    .map((part) => part.replace(/(:.*|[. ]+)$/, ''));
  if (isSecretPath(parts.join('/'))) return true;
  return about === 'write' && parts.some((part) => /^\.(git|systemprompt)$|^(git|system)~\d/.test(part));
}

function alike(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
