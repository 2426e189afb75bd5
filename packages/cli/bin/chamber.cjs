#!/usr/bin/env node
'use strict';
// Plain JavaScript for old Node too: it says what is missing before anything newer is parsed. CommonJS, as the build: Node starts it in half the time.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  process.stderr.write(`chamber needs Node 20.12 or later; this is ${process.version}.\n`);
  process.exit(1);
}
const main = require('node:path').join(__dirname, '..', 'dist', 'main.cjs');
if (!require('node:fs').existsSync(main)) {
  process.stderr.write('chamber is not built yet: run "npm run build-cli" in the folder of Cloud Chamber.\n');
  process.exit(1);
}
require('node:module').enableCompileCache?.();
require(main);
