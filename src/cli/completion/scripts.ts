/** The shells with a script. */
export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The hidden command that the scripts call: it prints a candidate a line, with a tab before its description. */
export const COMPLETE = '__complete';

const bash = `# systemprompt completion for bash: source <(systemprompt completion bash)
_systemprompt() {
  local IFS=$'\\n' candidates
  COMPREPLY=()
  candidates=$(systemprompt ${COMPLETE} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1)
  COMPREPLY=($(compgen -W "$candidates" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _systemprompt systemprompt`;

const zsh = `#compdef systemprompt
# systemprompt completion for zsh: source <(systemprompt completion zsh)
_systemprompt() {
  local -a candidates
  local line
  for line in "\${(@f)$(systemprompt ${COMPLETE} "\${words[@]:1:$((CURRENT - 1))}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( \${#candidates} )); then _describe 'systemprompt' candidates; else _files; fi
}
compdef _systemprompt systemprompt`;

const fish = `# systemprompt completion for fish: systemprompt completion fish | source
function __systemprompt
  set -l words (commandline -opc) (commandline -ct)
  systemprompt ${COMPLETE} $words[2..-1] 2>/dev/null
end
complete -c systemprompt -f -a '(__systemprompt)'`;

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };
