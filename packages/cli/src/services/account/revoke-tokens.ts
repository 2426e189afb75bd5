import { ApiError } from '@cloudchamber/contract/client';
import { CliError, usageError } from '../../failure/cli-error.ts';
import { failureOf } from '../../failure/failure-of.ts';
import { printable } from '../../output/printable.ts';
import type { Context } from '../../program/context.ts';
import { currentId } from './list-tokens.ts';

const ID = /^[0-9a-f]{24}$/i;

/**
 * Revokes tokens, by themselves or by the ids of the list. Each is told as it is done, and one that fails does not hold up the others.
 * @param force also the token in use, which is then forgotten as well
 * @throws CliError of kind `usage` before anything is done when the token in use is among them; of the first failure's kind when one failed
 */
export async function revokeTokens(
  context: Pick<Context, 'cloud' | 'out' | 'settings'>,
  { tokens, force }: { readonly tokens: readonly string[]; readonly force: boolean },
): Promise<readonly string[]> {
  const { cloud, settings, out } = context;
  const ownId = tokens.some((token) => ID.test(token)) ? await currentId(context) : undefined;
  const isOwn = (token: string): boolean => token === settings.token || token.toLowerCase() === ownId;
  if (!force && tokens.some(isOwn)) {
    throw usageError(
      'One of them is the access token that this command line uses',
      'Nothing was revoked. Pass --force to delete it as well; "chamber logout" deletes it alone.',
    );
  }
  const done: string[] = [];
  let first: CliError | undefined;
  // The own one comes last: ids are looked up with it.
  for (const token of [...tokens].sort((a, b) => Number(isOwn(a)) - Number(isOwn(b)))) {
    try {
      const client = ID.test(token) ? cloud : cloud.anonymous;
      await client.call('deleteToken', { params: { token } });
      if (isOwn(token) && settings.tokenFrom === 'profile') {
        await settings.files.change(settings.profile, { access_token: undefined, username: undefined });
      }
      done.push(token);
    } catch (error) {
      const failure = failureOf(error);
      out.warn(`${printable(token)} was not deleted: ${whyNot(error, failure)}`);
      first ??= failure;
    }
  }
  if (first === undefined) return done;
  for (const token of done) out.note(`successfully deleted ${printable(token)}`);
  throw new CliError(first.kind, `${done.length} of ${tokens.length} tokens were deleted`, first);
}

function whyNot(error: unknown, { message }: CliError): string {
  return error instanceof ApiError && error.status === 404 ? 'there is no such token of yours' : message;
}
