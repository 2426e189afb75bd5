import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { identityOf } from './process-identity.ts';

it('is the same for a process as long as it lives, and none afterwards', async () => {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
  const { pid } = child;
  if (pid === undefined) throw new Error('the process did not start');
  const identity = await identityOf(pid);
  expect(identity).toBeDefined();
  expect(await identityOf(pid)).toBe(identity);
  child.stdin.end();
  await once(child, 'exit');
  expect(await identityOf(pid)).toBeUndefined();
});
