import { open, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../../program/context.ts';
import type { NewIntegration } from './integrations-of.ts';

/**
 * Makes an integration and keeps its signing secret, which the cloud tells once, in a new file that only its owner reads. The file is made before anything else,
 * and is gone when nothing came of it.
 * @param path of the file; without one the secret is not kept @throws Error when there is such a file
 */
export async function keepingSecret(
  { cwd }: Pick<Context, 'cwd'>,
  path: string | undefined,
  make: () => Promise<NewIntegration>,
): Promise<NewIntegration> {
  if (path === undefined) return make();
  const whole = resolve(cwd, path);
  const file = await open(whole, 'wx', 0o600);
  try {
    const made = await make();
    await file.writeFile(`${made.signing_secret ?? ''}\n`);
    return made;
  } catch (error) {
    await unlink(whole);
    throw error;
  } finally {
    await file.close();
  }
}
