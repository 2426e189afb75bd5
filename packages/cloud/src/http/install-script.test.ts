import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { installScript, powerShellWord, shellWord } from './install-script.ts';

it.each(["http://a'; touch /tmp/x; '", 'http://$(id)`id`', 'http://a"\\b'])('%s stays one word of a shell', (text) => {
  expect(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`]).toString()).toBe(text);
});

it('is a script that bash can read, for that address', () => {
  const script = installScript('https://cloud.example.net');
  execFileSync('bash', ['-n'], { input: script });
  expect(script).toContain("cloud='https://cloud.example.net'\n");
});

it('a word of PowerShell doubles its quotes', () => {
  expect(powerShellWord("a'b")).toBe("'a''b'");
});
