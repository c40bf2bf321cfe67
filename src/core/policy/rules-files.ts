import type { ApprovalDetail } from '../task/approval-schema.ts';
import { coversFolder, matchesGlob, reachesInto } from './glob.ts';
import { isSecretName } from './secret-names.ts';
import { folderOf, type Places } from './tool-request.ts';

/** Commands that show what is in the files that they name, or in all of a folder. */
const shows = /^(cat|head|tail|wc|grep|rg|git (grep|diff|show|log|blame))$/;
/** Those that look through the whole folder where they name none. */
const looksThrough = /^(rg|git grep)$/;
/** Inputs of a search that are no paths, whatever is in them. */
const searchedFor = new Set(['pattern', 'query', 'regex', 'description']);

/** Whether a rule that allows covers all files of a request, and of a folder all that is in it. */
export function coversFiles(glob: string | undefined, about: 'read' | 'write', places: Places): boolean {
  if (glob === undefined || places.length === 0) return false;
  return places.every((place) => {
    if (place === undefined || isGuarded(place, about)) return false;
    const folder = folderOf(place);
    return folder === undefined ? matchesGlob(glob, place) : coversFolder(glob, folder);
  });
}

/**
 * Whether a rule that denies or asks is about one of the files, or, `within` folders too, about something in one. A file
 * system may not tell large from small letters, nor a letter with its accent from the two of them.
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

/** Which of a command's places it shows, or makes; a search that may name none is one of the whole folder. */
export function looksAt(words: readonly string[], about: 'read' | 'write', places: Places): Places {
  const [program = '', task = ''] = words;
  if (about === 'write') return program === 'mkdir' ? places : [];
  const name = program === 'git' ? `git ${task}` : program;
  if (looksThrough.test(name)) return [...places, './'];
  return shows.test(name) ? places : [];
}

/** False when one of a command's words is a link out of the folder, or into what no rule opens. */
export function opensCommand(places: Places): boolean {
  return places.every((place) => place !== undefined && !isGuarded(place, 'write'));
}

/** True when a search says of where it looks more than the files that it names. */
export function leadsOut({ toolKind, toolName = '', files = [], input }: ApprovalDetail): boolean {
  if (toolKind !== 'search' || typeof input !== 'object' || input === null) return false;
  const forText = /grep|search/i.test(toolName);
  return Object.entries(input).some(([key, value]) => {
    if (forText && searchedFor.has(key)) return false;
    return [value].flat().some((text: unknown) => {
      if (typeof text !== 'string' || files.includes(text)) return false;
      return /^[/\\~]|^[A-Za-z]:/.test(text) || text.split(/[/\\,{}]/).includes('..');
    });
  });
}

/** What no rule opens: the machinery of git and of the tasks, and files that hold secrets. */
export function isGuarded(place: string, about: 'read' | 'write'): boolean {
  // What some file systems leave out of a name, or take for the same one.
  const parts = place
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
    .split('/')
    .map((part) => part.replace(/(:.*|[. ]+)$/, ''));
  if (parts.some(isSecretName)) return true;
  return about === 'write' && parts.some((part) => /^\.(git|systemprompt)$|^(git|system)~\d/.test(part));
}

function alike(text: string): string {
  return text.normalize('NFC').toLowerCase();
}
