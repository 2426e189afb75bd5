import { describe, expect, it } from 'vitest';
import { SHELLS, shellScript } from './shell-scripts.ts';

describe('shellScript', () => {
  it.each(SHELLS)('for %s asks chamber itself, and hides what it says on stderr', (shell) => {
    expect(shellScript(shell)).toMatch(/chamber __complete (all|none|last) -- .*2>/);
    expect(shellScript(shell).endsWith('\n')).toBe(true);
  });

  it('for PowerShell registers a completer that quotes names', () => {
    const script = shellScript('powershell');
    expect(script).toContain('Register-ArgumentCompleter -Native -CommandName chamber -ScriptBlock {');
    expect(script).toContain(`"'" + ($value -replace "'", "''") + "'"`);
    expect(script).toContain('$env:CHAMBER_COMPLETE_LAST = $current');
    expect(script.match(/\{/g)).toHaveLength(script.match(/\}/g)?.length ?? 0);
  });
});
