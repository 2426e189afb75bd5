import type { Context } from '../../program/context.ts';

/**
 * Whose password is asked for: who was named, or is logged in, or is asked for; it is told.
 * @param given of the command line
 */
export async function accountName(
  { cloud, ask, out, settings }: Pick<Context, 'cloud' | 'ask' | 'out' | 'settings'>,
  given: string | undefined,
): Promise<string> {
  if (given === undefined && settings.token === undefined) {
    return (await ask.text('Please enter your email address:', '--username <email>')).trim();
  }
  const saved = settings.tokenFrom === 'profile' ? settings.username : undefined;
  const username = given ?? saved ?? (await cloud.call('getUser')).username;
  out.note(`? Using account ${username}`);
  return username;
}
