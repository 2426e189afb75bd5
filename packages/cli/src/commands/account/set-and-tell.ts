import type { Context } from '../../program/context.ts';
import { changeSetting } from '../../services/settings/change-setting.ts';

/** Changes a setting and prints it, with the command that makes its profile the one in use. */
export async function setAndTell(
  context: Context,
  { profile, key, value }: { readonly profile: string; readonly key: string; readonly value: string },
): Promise<void> {
  const kept = await changeSetting(context, { profile, key, value });
  context.out.result({ profile, key, value: kept }, `${key} of the profile "${profile}" is ${kept}`);
  if (profile !== context.settings.profile) context.out.note(`"chamber config ${profile}" changes to this profile.`);
}
