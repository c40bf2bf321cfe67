import { unknownWord } from './command-options.ts';
import { isUsualCheck, openingOf } from './harmless-commands.ts';
import { programOf } from './words.ts';

const installers =
  /^(npx|bunx|pnpx|uvx|pipx|brew|apt|apt-get|dnf|yum|apk|pacman|zypper|snap|flatpak|conda|mamba|winget|choco|scoop|corepack|nvm|rustup|asdf|mise)$/;
const managers =
  /^(npm|pnpm|yarn|bun|deno|pip[\d.]*|uv|poetry|gem|bundle|composer|cargo|go|dotnet|helm|terraform|pod|flutter|mix|luarocks|cpan)$/;
const installing =
  /^(install|i|ci|add|update|upgrade|up|dlx|exec|x|create|init|sync|fetch|get|require|download|restore|tool|binstall|link|rebuild|run|generate|global|tidy|vendor)$/;

const reaching =
  /^(curl|wget|ssh|scp|sftp|rsync|nc|ncat|netcat|socat|ftp|gh|glab|hub|aws|gcloud|az|doctl|heroku|vercel|netlify|firebase|fly|flyctl|wrangler|serverless|pulumi|kubectl|helm|ansible[\w-]*|twine|vsce|ovsx|fastlane|goreleaser|semantic-release|changeset|np|lerna|docker|podman|terraform|npm-publish|mail|sendmail)$/;
const publishing =
  /publish|deploy|release|push|upload|ship|promote|login|logout|yank|deprecate|owner|token|pull|merge|clone|fetch|submodule|trunk/i;

const destroying =
  /^(rm|rmdir|unlink|del|erase|rd|shred|truncate|dd|mkfs[\w.]*|fdisk|parted|wipefs|mv|move|cp|copy|ln|install|chmod|chown|chgrp|tar|unzip|gzip|gunzip|bzip2|xz|zip|kill|pkill|killall|taskkill|reboot|shutdown|halt|poweroff|systemctl|service|launchctl|crontab|sudo|doas|su|dropdb|sqlite3|psql|mysql|mysqladmin|mongosh|mongorestore|redis-cli|format|reg)$/;
const destructive =
  /reset|remove|delete|destroy|drop|prune|clean|purge|uninstall|rollback|downgrade|flush|nuke|wipe|migrate|clear|force|restore|checkout|rebase|revert|overwrite|unlink|erase|apply|down$|^-D$|^-d$|^gc$/i;

/**
 * A warning before a person allows exactly this command permanently: it installs, reaches other machines, cannot be
 * undone, or is unknown. One sentence; undefined if no warning is needed.
 */
export function warningAbout(words: readonly string[]): string | undefined {
  const program = programOf(words);
  const rest = words.slice(1);
  const mentions = (about: RegExp): boolean => rest.some((word) => word !== '--no-install' && about.test(word));
  const harmless = openingOf(words) !== undefined && unknownWord(words) === undefined;
  if (harmless || (isUsualCheck(words) && !mentions(publishing) && !mentions(destructive) && !mentions(/install/i)))
    return undefined;
  if (reaching.test(program) || mentions(publishing)) {
    return 'It may reach other machines, and what it does there cannot be undone.';
  }
  if (destroying.test(program) || mentions(destructive)) return 'It cannot be undone.';
  if (installers.test(program) || (managers.test(program) && mentions(installing)) || mentions(/install/i)) {
    return 'It may download packages and run their code.';
  }
  return `Nothing is known of what "${program}" does here: it may not be possible to undo it.`;
}
