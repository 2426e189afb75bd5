import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf, signUp } from '../harness/api-client.ts';
import { type CloudServer, startServer } from '../harness/cloud-server.ts';
import { registerDevice } from '../harness/devices.ts';
import { openShells, type Shell, type Shells } from './terminal.ts';

const CHAMBER = fileURLToPath(new URL('../../packages/cli/bin/chamber.cjs', import.meta.url));
const LONGEST_MS = 60_000;

let server: CloudServer;
let shells: Shells;
let shell: Shell;
let path: string;
beforeAll(async () => {
  [server, shells] = await Promise.all([startServer(), openShells()]);
  const account = { username: `${randomBytes(6).toString('hex')}@example.net`, password: 'a long password' };
  const client = await signUp(server, account);
  for (const name of ['my lamp', 'my"$(x)', "bob's", 'plain']) await registerDevice(client, name);
  const { body } = await clientOf(server).login(account);
  shell = await shells.open({ apiUrl: server.url, access_token: body.access_token });
  const bin = join(shell.home, 'bin');
  await mkdir(bin);
  await writeFile(join(bin, 'chamber'), `#!/bin/sh\nexec "${process.execPath}" "${CHAMBER}" "$@"\n`);
  await chmod(join(bin, 'chamber'), 0o755);
  path = `${bin}:${process.env.PATH ?? ''}`;
  await shell.write('firmware.bin', 'x');
});
afterAll(async () => {
  await Promise.all([server?.dispose(), shells?.[Symbol.asyncDispose]()]);
});

/** Runs a script of a shell. @returns what it prints */
function runIn(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd: shell.folder,
      timeout: LONGEST_MS,
      env: { PATH: path, HOME: shell.home, LC_ALL: 'C.UTF-8', TERM: 'xterm', ...env },
    };
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error !== null) reject(new Error(`${error.message}: ${stdout}${stderr}`));
      else if (stderr !== '') reject(new Error(stderr));
      else resolve(stdout);
    });
  });
}

describe('chamber __complete', () => {
  const words = async (args: readonly string[], env: Record<string, string> = {}) => {
    const outcome = await shell.chamber(['__complete', 'none', '--', ...args], { env });
    expect(outcome).toMatchObject({ code: 0, stderr: '' });
    return outcome.stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t')[0]);
  };

  it('is silent without a log-in, without a cloud, and with broken settings', async () => {
    const none = ['words'];
    expect(await words(['flash', ''], { CHAMBER_API_URL: 'http://127.0.0.1:9' })).toEqual(none);
    expect(await words(['flash', ''], { CHAMBER_API_URL: 'no address' })).toEqual(none);
    expect(await words(['flash', ''], { CHAMBER_ACCESS_TOKEN: '0'.repeat(40) })).toEqual(none);
    expect(await words(['flash', ''], { HOME: '/dev/null' })).toEqual(none);
  });

  it('offers profiles', async () => {
    expect(await words(['config', 'lo'])).toEqual(['words', 'local']);
    expect(await words(['whoami', '--profile', ''])).toEqual(['words', 'local']);
    expect(await words(['whoami', '--profile=l'])).toEqual(['words', '--profile=local']);
  });
});

describe('bash', () => {
  const tab = async (...typed: readonly string[]): Promise<readonly string[]> => {
    const script = `source <(chamber completion bash)
COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))
complete -p chamber >/dev/null || exit 1
_chamber_completion
for one in "\${COMPREPLY[@]}"; do printf '%s\\n' "$one"; done`;
    const text = await runIn('bash', ['--norc', '-c', script, 'bash', ...typed]);
    return text.split('\n').slice(0, -1);
  };

  it('completes commands, flags and values', async () => {
    expect(await tab('chamber', 'whoa')).toEqual(['whoami']);
    expect(await tab('chamber', 'token', '')).toEqual(['list', 'create', 'revoke']);
    expect(await tab('chamber', 'token', 'create', '--never')).toEqual(['--never-expires']);
    expect(await tab('chamber', 'completion', 'f')).toEqual(['fish']);
    expect(await tab('chamber', 'whoami', '--profile', '=', 'lo')).toEqual(['local']);
  });

  it('completes names of devices, quoted as the word that was begun', async () => {
    expect(await tab('chamber', 'flash', '')).toEqual(
      expect.arrayContaining(['my\\ lamp', 'my\\"\\$\\(x\\)', "bob\\'s", 'plain']),
    );
    expect(await tab('chamber', 'flash', 'my\\ l')).toEqual(['my\\ lamp']);
    expect(await tab('chamber', 'flash', '"my l')).toEqual(['my lamp']);
    expect(await tab('chamber', 'flash', "'my l")).toEqual(['my lamp']);
    expect(await tab('chamber', 'flash', "'bob")).toEqual(["bob'\\''s"]);
    expect(await tab('chamber', 'flash', '"my"')).toEqual(expect.arrayContaining(['my lamp']));
    for (const name of await tab('chamber', 'flash', '')) {
      expect(await runIn('bash', ['-c', `printf %s ${name}`])).toMatch(/^(my lamp|my"\$\(x\)|bob's|plain)$/);
    }
  });
});

describe.skipIf(!existsSync('/usr/bin/fish'))('fish', () => {
  const tab = async (line: string): Promise<readonly string[]> => {
    const script = 'chamber completion fish | source; complete -C "$LINE"';
    const text = await runIn('/usr/bin/fish', ['--no-config', '-c', script], { LINE: line });
    return text.split('\n').slice(0, -1);
  };
  const names = async (line: string) => (await tab(line)).map((one) => one.split('\t')[0]);

  it('completes commands, flags and values, and says what they are', async () => {
    expect(await tab('chamber whoa')).toEqual(['whoami\tPrint who is logged in']);
    expect((await names('chamber token ')).sort()).toEqual(['create', 'list', 'revoke']);
    expect(await names('chamber token create --never')).toEqual(['--never-expires']);
    expect(await names('chamber completion f')).toEqual(['fish']);
  });

  it('completes names of devices', async () => {
    const all = await names('chamber flash ');
    expect(all).toEqual(expect.arrayContaining(['my lamp', 'my"$(x)', "bob's", 'plain']));
    expect(await names('chamber flash my\\ l')).toEqual(['my lamp']);
    expect(await names('chamber flash "my l')).toEqual(['my lamp']);
  });
});

describe.skipIf(!existsSync('/usr/bin/zsh'))('zsh', () => {
  /** The line after Tab, as an interactive zsh on a terminal of its own has it. */
  const tab = async (line: string): Promise<string> => {
    const script = `main() {
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; autoload -Uz compinit; compinit -u -D; source <(chamber completion zsh)"
zpty -w shell 'show() { print -r -- "<<$BUFFER>>"; BUFFER=; zle accept-line }; zle -N show; bindkey "^X" show; print REA""DY'
local piece all
while zpty -r shell piece; do [[ $piece == *READY* ]] && break; done
zpty -w -n shell "$LINE"$'\\t'$'\\x18'
while zpty -r shell piece; do all+=$piece; [[ $all == *'<<'*'>>'* ]] && break; done
print -r -- "$all"
zpty -d shell
}
main`;
    const text = await runIn('/usr/bin/zsh', ['-f', '-c', script], { LINE: line });
    return /<<(.*)>>/.exec(text)?.[1] ?? text;
  };

  it('completes commands, flags and values', async () => {
    expect(await tab('chamber whoa')).toBe('chamber whoami ');
    expect(await tab('chamber token cr')).toBe('chamber token create ');
    expect(await tab('chamber token create --never')).toBe('chamber token create --never-expires ');
    expect(await tab('chamber completion f')).toBe('chamber completion fish ');
  });

  it('completes names of devices, quoted', async () => {
    expect(await tab('chamber flash pl')).toBe('chamber flash plain ');
    expect(await tab('chamber flash my\\ l')).toBe('chamber flash my\\ lamp ');
    expect(await tab('chamber flash "my l')).toBe('chamber flash "my lamp" ');
    expect(await tab('chamber flash bob')).toBe("chamber flash bob\\'s ");
  });
});
