import type { Context } from '../../program/context.ts';
import { integrationsOf, type NewIntegration } from './integrations-of.ts';
import { type Described, newSettings } from './new-settings.ts';
import { keepingSecret } from './secret-file.ts';
import { MASK } from './settings.ts';

/** Makes an integration. @returns it, its signing secret masked @throws CliError of kind `usage` as `newSettings`; as `keepingSecret` */
export async function createIntegration(
  context: Pick<Context, 'cloud' | 'cwd'>,
  { secretFile, ...described }: Described & { readonly secretFile: string | undefined },
): Promise<NewIntegration> {
  const settings = await newSettings(context, described);
  const { create } = integrationsOf(context.cloud, described.place);
  return masked(await keepingSecret(context, secretFile, () => create(settings)));
}

/** The same without what is told once. */
export function masked(made: NewIntegration): NewIntegration {
  return made.signing_secret === undefined ? made : { ...made, signing_secret: MASK };
}
