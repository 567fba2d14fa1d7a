/*
 * Each script asks `formations complete` and offers what it lists. The first line of the answer is its kind:
 * `words`, `files` or `folders`; each further line is a word, a tab and what it means.
 */

/** The shells that have a script. */
export const shells = ["bash", "zsh", "fish"] as const;

/** One of {@link shells}. */
export type Shell = (typeof shells)[number];

/** For version 3.2 too, which macOS has: it knows neither `mapfile` nor `compopt`. */
const bash = `# Completion of formations for bash. In ~/.bashrc:
#   eval "$(formations completion bash)"
_formations() {
  local IFS=$'\\n' tab=$'\\t' kind="" line current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  # An equals sign is a word of its own here, and what follows it another.
  [ "$current" = "=" ] && current=""
  while IFS= read -r line; do
    if [ -z "$kind" ]; then
      kind="$line"
    else
      line="\${line%%$tab*}"
      [[ "$line" == "$current"* ]] && COMPREPLY+=("$line")
    fi
  done < <(formations complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  # Without a word, bash offers files, as it was told below.
  if type compopt >/dev/null 2>&1; then
    [ "$kind" = words ] && compopt +o default
    [ "$kind" = folders ] && compopt -o dirnames
  fi
  return 0
}
complete -o default -F _formations formations
`;

const zsh = `#compdef formations
# Completion of formations for zsh. In ~/.zshrc, after compinit:
#   eval "$(formations completion zsh)"
_formations() {
  local -a lines described
  local line kind
  lines=("\${(@f)$(formations complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  kind="\${lines[1]}"
  # Of \`--file=fleet.json\`, what follows the sign is the file.
  [[ "$kind" == words ]] || compset -P '--*='
  case "$kind" in
    files) _files ;;
    folders) _path_files -/ ;;
    words)
      for line in "\${(@)lines[2,-1]}"; do
        line="\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}"
        described+=("\${line%:}")
      done
      _describe -V formations described
      ;;
  esac
}
if [ "\${funcstack[1]}" = _formations ]; then
  _formations "$@"
elif whence compdef >/dev/null; then
  compdef _formations formations
fi
`;

const fish = `# Completion of formations for fish:
#   formations completion fish > ~/.config/fish/completions/formations.fish
function __formations_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines (formations complete -- $words[2..-1] "$current" 2>/dev/null)
    # Of \`--file=fleet.json\`, what follows the sign is the file.
    set -l flag (string match -r -- '^--[\\w-]+=' "$current")
    set -l begun (string replace -r -- '^--[\\w-]+=' '' "$current")
    switch "$lines[1]"
        case files
            for found in (__fish_complete_path "$begun")
                printf '%s%s\\n' "$flag" "$found"
            end
        case folders
            for found in (__fish_complete_directories "$begun" '')
                printf '%s%s\\n' "$flag" "$found"
            end
        case words
            printf '%s\\n' $lines[2..-1]
    end
end
complete -c formations -f -k -a '(__formations_complete)'
`;

const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

/** The script that a shell reads. */
export function scriptFor(shell: Shell): string {
  return scripts[shell];
}
