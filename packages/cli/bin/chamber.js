#!/usr/bin/env node
// Plain JavaScript for old Node too: it says what is missing before anything newer is parsed.
import { existsSync } from 'node:fs';
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  process.stderr.write(`chamber needs Node 20.12 or later; this is ${process.version}.\n`);
  process.exit(1);
}
const main = new URL('../dist/main.js', import.meta.url);
if (!existsSync(main)) {
  process.stderr.write('chamber is not built yet: run "npm run build-cli" in the folder of Cloud Chamber.\n');
  process.exit(1);
}
module.enableCompileCache?.();
await import(main.href);
