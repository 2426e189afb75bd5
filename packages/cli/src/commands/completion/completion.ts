import { usageError } from '../../failure/cli-error.ts';
import { defineCommand } from '../../program/define-command.ts';
import { optionalChoice } from '../../program/parameters.ts';

export const completion = defineCommand({
  name: 'completion',
  summary: 'Print a script that makes a shell complete chamber',
  details: `Completes commands, flags, their values, and the names of your devices, products, organizations and profiles. Names come from the cloud, which has a second to answer; without a log-in or a network they are left out.

Load the script where the shell starts:

| Shell | Line | Where |
|---|---|---|
| bash | \`source <(chamber completion bash)\` | \`~/.bashrc\` |
| zsh | \`source <(chamber completion zsh)\` | \`~/.zshrc\`, behind \`compinit\` |
| fish | \`chamber completion fish \\| source\` | \`~/.config/fish/config.fish\` |
| PowerShell | \`chamber completion powershell \\| Out-String \\| Invoke-Expression\` | \`$PROFILE\` |

The first three are tested with the shells themselves. The one for PowerShell was never run. bash does not complete names with a colon in them.`,
  examples: [{ line: 'completion bash', says: 'for bash' }],
  json: '`{ shell, script }`',
  args: { shell: optionalChoice('the shell', ['bash', 'zsh', 'fish', 'powershell']) },
  async run({ shell }, { out }) {
    const { SHELLS, shellScript } = await import('../../completion/shell-scripts.ts');
    if (shell === undefined) throw usageError('Name a shell', `There are ${SHELLS.join(', ')}.`);
    const script = shellScript(shell);
    out.result({ shell, script }, script.trimEnd());
  },
});
