// Puts what the tests of the command line use at a terminal on this machine, where it is missing and this may install packages. Where it can't, those tests are
// skipped, and this says so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Packages of Debian by where tests look for what they have. */
const wanted = [
  ['zsh', '/usr/bin/zsh'],
  ['fish', '/usr/bin/fish'],
  ['tmux', '/usr/bin/tmux'],
  ['socat', '/usr/bin/socat'],
];

const isMissing = ([, path]) => !existsSync(path);
const missing = wanted.filter(isMissing);
if (missing.length === 0) process.exit(0);

const packages = missing.map(([name]) => name);
const mayInstall =
  process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && process.env.CHAMBER_TEST_INSTALL !== 'off';
if (mayInstall) {
  process.stderr.write(`Installing ${packages.join(', ')} for the tests of the command line ...\n`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, stdio: ['ignore', 'ignore', 2] };
  spawnSync('apt-get', ['update', '-qq'], options);
  for (const name of packages) spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], options);
}
for (const [name, path] of missing.filter(isMissing)) {
  process.stderr.write(
    `TESTS OF THE COMMAND LINE WILL BE SKIPPED that need ${name}: install it at ${path} (Debian: apt-get install ${name}).\n`,
  );
}
