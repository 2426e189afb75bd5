/** A word for a POSIX shell that is exactly this text. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A word for PowerShell that is exactly this text. */
export function powerShellWord(text: string): string {
  return `'${text.replace(/['\u2018\u2019\u201a\u201b]/g, '$&$&')}'`;
}

/** What installs the command line of this cloud for the user who runs it (CLI-01). @param url of the cloud, without a slash at its end */
export function installScript(url: string): string {
  return String.raw`#!/usr/bin/env bash
# Installs chamber, the command line of Cloud Chamber, into ~/.particle/chamber and ~/bin, and makes a profile for this cloud.
set -e
cloud=${shellWord(url)}

fail() { printf '%s\n' "$*" >&2; exit 1; }

command -v node >/dev/null 2>&1 || fail 'chamber needs Node 20.12 or later: see https://nodejs.org, or your package manager.'
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 12) ? 0 : 1)' \
  || fail "chamber needs Node 20.12 or later; this is $(node --version). See https://nodejs.org."
command -v npm >/dev/null 2>&1 || fail 'chamber is installed with npm, which comes with Node: see https://nodejs.org.'
[ -n "$HOME" ] || fail 'There is no home folder: set HOME.'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
printf 'Downloading chamber from %s ...\n' "$cloud" >&2
if command -v curl >/dev/null 2>&1; then
  curl -fsSL -o "$work/chamber.tgz" "$cloud/install-cli/chamber.tgz" || fail "$cloud/install-cli/chamber.tgz cannot be had. The cloud may still be packing it: try again in a minute."
else
  wget -q -O "$work/chamber.tgz" "$cloud/install-cli/chamber.tgz" || fail "$cloud/install-cli/chamber.tgz cannot be had. The cloud may still be packing it: try again in a minute."
fi

mkdir -p "$HOME/.particle" "$HOME/bin"
printf 'Installing ...\n' >&2
npm install --global --prefix "$HOME/.particle/chamber" --no-audit --no-fund --loglevel=error "$work/chamber.tgz" >&2 \
  || fail 'npm could not install it: see its messages above.'
ln -sf "$HOME/.particle/chamber/bin/chamber" "$HOME/bin/chamber"

# A profile of its own, in use from now on; other profiles and their log-ins stay as they are.
cloud="$cloud" node -e '
const fs = require("node:fs");
const path = require("node:path");
const folder = path.join(process.env.HOME, ".particle");
const url = process.env.cloud;
const name = new URL(url).host.replace(/[^A-Za-z0-9.-]/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 60) || "chamber";
const write = (file, value) => fs.writeFileSync(path.join(folder, file), JSON.stringify(value, null, 2) + "\n", { mode: 0o600 });
const file = name + ".config.json";
let kept = {};
try { kept = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")); } catch (error) { if (error.code !== "ENOENT") throw error; }
if (kept.apiUrl !== url) write(file, { apiUrl: url });
write("profile.json", { name });
process.stderr.write("The profile \"" + name + "\" is for " + url + ".\n");
'

printf 'chamber %s is installed as ~/bin/chamber.\n' "$("$HOME/bin/chamber" --version)"
case ":$PATH:" in
  *":$HOME/bin:"*) ;;
  *) printf '%s\n' 'Add ~/bin to your PATH: export PATH="$HOME/bin:$PATH"' ;;
esac
command -v dfu-util >/dev/null 2>&1 || printf '%s\n' 'To write to devices over USB in DFU mode, install dfu-util with your package manager.'
printf '%s\n' 'Next: chamber login'
`;
}

/** The same for Windows, in PowerShell; it was never run on one. */
export function installPowerShell(url: string): string {
  return String.raw`# Installs chamber, the command line of Cloud Chamber, into %LOCALAPPDATA%\particle.
$ErrorActionPreference = 'Stop'
$cloud = ${powerShellWord(url)}
if (-not (Get-Command node -ErrorAction SilentlyContinue)) { throw 'chamber needs Node 20.12 or later: see https://nodejs.org' }
if (-not (Get-Command npm -ErrorAction SilentlyContinue)) { throw 'chamber is installed with npm, which comes with Node: see https://nodejs.org' }
$folder = Join-Path $env:LOCALAPPDATA 'particle'
New-Item -ItemType Directory -Force -Path $folder | Out-Null
$file = Join-Path $folder 'chamber.tgz'
Invoke-WebRequest -UseBasicParsing -Uri ($cloud + '/install-cli/chamber.tgz') -OutFile $file
npm install --global --prefix $folder --no-audit --no-fund --loglevel=error $file
if ($LASTEXITCODE -ne 0) { throw 'npm could not install it: see its messages above' }
Remove-Item $file
Write-Output ('chamber is installed in ' + $folder + '. Add that folder to your Path.')
Write-Output ('Next: chamber login --api-url ' + $cloud)
`;
}
