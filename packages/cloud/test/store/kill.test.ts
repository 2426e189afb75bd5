import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openStore } from '@cloudchamber/cloud/store';
import { silentLogger, systemClock } from '@cloudchamber/kernel';
import { temporaryFolder } from '@cloudchamber/testkit';
import { describe, expect, it } from 'vitest';

const CHILD = fileURLToPath(new URL('./append-until-killed.ts', import.meta.url));

/** Runs the child, kills it after so many acknowledgements, and gives back the names that it saw acknowledged. */
async function appendAndKill(dataDir: string, prefix: string, acknowledgements: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, dataDir, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  let lines = 0;
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    output += text;
    lines += text.split('\n').length - 1;
    if (lines >= acknowledgements) child.kill('SIGKILL');
  });
  const [, signal] = await once(child, 'close');
  expect(signal).toBe('SIGKILL');
  return output.slice(0, output.lastIndexOf('\n')).split('\n');
}

describe('kill -9 (SQLite)', () => {
  it('keeps every event that was acknowledged, time after time', async () => {
    const folder = await temporaryFolder();
    const acknowledged: string[] = [];
    for (let round = 0; round < 5; round++) {
      acknowledged.push(...(await appendAndKill(folder.path, `r${round}`, 200 + 150 * round)));
    }
    const store = await openStore({ dataDir: folder.path, clock: systemClock, log: silentLogger });
    const stored = new Set((await store.events.read({ limit: 1_000_000 })).map(({ name }) => name));
    expect(acknowledged.length).toBeGreaterThan(2_000);
    expect(acknowledged.filter((name) => !stored.has(name))).toEqual([]);
    await store.close();
    await folder.remove();
  }, 60_000);
});
