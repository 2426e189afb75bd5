import type { Bus } from '../../bus/index.ts';
import type { SecretBox } from '../../store/index.ts';

/** What the verbs of integrations need besides their context. */
export interface IntegrationServices {
  readonly bus: Bus;
  /** Seals passwords, tokens and signing secrets. */
  readonly secrets: SecretBox;
}
