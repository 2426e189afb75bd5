// Puts Debian's Chromium and Firefox on this machine, for the tests of the console, where they are missing and this may install packages. Where it can't, those
// tests are skipped, and this says so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** By what tests look for, the package that has it. Fonts: without any, pages show boxes. */
const wanted = [
  [
    'Chromium',
    'chromium',
    process.env.CHAMBER_TEST_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ],
  ['Firefox', 'firefox-esr', process.env.CHAMBER_TEST_FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'],
  ['a font', 'fonts-dejavu-core', '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
];

const missing = wanted.filter(([, , ...paths]) => !paths.some((path) => path !== undefined && existsSync(path)));
if (missing.length === 0) process.exit(0);

const packages = missing.map(([, name]) => name);
const mayInstall =
  process.getuid?.() === 0 && existsSync('/usr/bin/apt-get') && process.env.CHAMBER_TEST_INSTALL !== 'off';
if (mayInstall) {
  process.stderr.write(`Installing ${packages.join(', ')} for the tests of the console ...\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 2] });
  for (const name of packages) {
    spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', name], {
      env,
      stdio: ['ignore', 'ignore', 2],
    });
  }
}
for (const [what, name, ...paths] of missing) {
  if (paths.some((path) => path !== undefined && existsSync(path))) continue;
  process.stderr.write(
    `TESTS OF THE CONSOLE WILL BE SKIPPED that need ${what}: install it (Debian: apt-get install ${name}), or name it by CHAMBER_TEST_CHROMIUM or CHAMBER_TEST_FIREFOX.\n`,
  );
}
