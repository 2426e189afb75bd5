import { readSettings, type Settings } from '../../profile/settings.ts';
import type { Context } from '../../program/context.ts';

/** Makes a profile the one in use; a new one gets a file without settings. @returns what commands go by from then on */
export async function useProfile(
  { settings: { files }, env, out }: Pick<Context, 'settings' | 'env' | 'out'>,
  profile: string,
): Promise<Settings> {
  files.pathOf(profile);
  const known = (await files.list()).includes(profile);
  // A broken file is told of before it is in use.
  await files.read(profile);
  if (!known) {
    await files.change(profile, {});
    out.note(`The profile "${profile}" is new: "chamber config apiUrl <url>" sets its cloud.`);
  }
  await files.use(profile);
  const other = env.CHAMBER_PROFILE ?? env.PARTICLE_PROFILE;
  if (other !== undefined && other !== '' && other !== profile) {
    out.warn(`CHAMBER_PROFILE or PARTICLE_PROFILE is set: commands use the profile "${other}" until it is unset.`);
  }
  return readSettings({ files, env, flags: { profile } });
}
