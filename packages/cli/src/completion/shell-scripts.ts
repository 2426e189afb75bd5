/** Shells that there is completion for. */
export const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;
type ShellName = (typeof SHELLS)[number];

/** Works in bash 3.2 and later. A name is quoted as the word that it completes: by backslashes, or by the quote that is open. */
const bash = String.raw`# Completion of chamber for bash. Load it in ~/.bashrc: source <(chamber completion bash)
_chamber_completion() {
  local current="${'$'}{COMP_WORDS[COMP_CWORD]}" kind='' tick=$'\140' value says
  COMPREPLY=()
  while IFS=$'\t' read -r value says; do
    if [[ -z $kind ]]; then
      kind=$value
      continue
    fi
    case $current in
      \'*) value=${'$'}{value//\'/\'\\\'\'} ;;
      \"*)
        value=${'$'}{value//\\/\\\\} value=${'$'}{value//\"/\\\"}
        value=${'$'}{value//\$/\\\$} value=${'$'}{value//$tick/\\$tick}
        ;;
      *) printf -v value '%q' "$value" ;;
    esac
    COMPREPLY+=("$value")
  done < <(chamber __complete all -- "${'$'}{COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [[ $kind == files || $kind == folders ]]; then
    local option=-f
    [[ $kind == folders ]] && option=-d
    while IFS= read -r value; do COMPREPLY+=("$value"); done < <(compgen "$option" -- "$current")
    type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
  fi
  return 0
}
complete -F _chamber_completion chamber
`;

const zsh = String.raw`#compdef chamber
# Completion of chamber for zsh. Load it in ~/.zshrc, behind compinit: source <(chamber completion zsh)
_chamber() {
  local -a lines plain offered
  local line
  local last=$PREFIX
  # An open quote stands apart from the word already.
  [[ -n $QIPREFIX ]] || last="${'$'}{(Q)PREFIX}"
  plain=(${'$'}{(Q)words[2,CURRENT-1]} "$last")
  lines=("${'$'}{(@f)$(chamber __complete none -- "${'$'}{plain[@]}" 2>/dev/null)}")
  case ${'$'}lines[1] in
    files) _files ;;
    folders) _files -/ ;;
  esac
  for line in "${'$'}{(@)lines[2,-1]}"; do
    [[ -n $line ]] || continue
    offered+=("${'$'}{${'$'}{line%%$'\t'*}//:/\\:}:${'$'}{line#*$'\t'}")
  done
  (( $#offered )) && _describe -t chamber chamber offered
}
if [[ $funcstack[1] == _chamber ]]; then
  _chamber "$@"
else
  compdef _chamber chamber
fi
`;

const fish = `# Completion of chamber for fish. Load it in ~/.config/fish/config.fish: chamber completion fish | source
function __chamber_completion
    set -l words (commandline -opc)
    set -l lines (chamber __complete last -- $words[2..-1] (commandline -ct) 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path (commandline -ct)
        case folders
            __fish_complete_directories (commandline -ct)
    end
    set -e lines[1]
    for line in $lines
        echo $line
    end
end
complete -c chamber -f -a '(__chamber_completion)'
`;

const powershell = String.raw`# Completion of chamber for PowerShell. Load it in $PROFILE: chamber completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName chamber -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $words = @($commandAst.CommandElements | Select-Object -Skip 1 | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
        if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
    $current = $wordToComplete.Trim("'", '"')
    # An empty word would be lost on the way to a program.
    $env:CHAMBER_COMPLETE_LAST = $current
    $lines = @(& chamber __complete none -- @words 2>$null)
    Remove-Item Env:CHAMBER_COMPLETE_LAST
    # Nothing is offered for files: PowerShell completes paths itself then.
    $lines | Select-Object -Skip 1 | ForEach-Object {
        $value, $says = $_ -split [char]9, 2
        $quoted = if ($value -match "^[\w./=:@-]+$") { $value } else { "'" + ($value -replace "'", "''") + "'" }
        if ([string]::IsNullOrEmpty($says)) { $says = $value }
        [System.Management.Automation.CompletionResult]::new($quoted, $value, 'ParameterValue', $says)
    }
}
`;

const SCRIPTS: Readonly<Record<ShellName, string>> = { bash, zsh, fish, powershell };

/** @returns a script that the shell loads, with a line break at its end */
export function shellScript(shell: ShellName): string {
  return SCRIPTS[shell];
}
