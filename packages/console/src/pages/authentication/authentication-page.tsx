import { Stack } from '@mantine/core';
import { usePlace } from '../../data/use-place.ts';
import { Page } from '../../ui/page.tsx';
import { ClientsPanel } from './clients-panel.tsx';
import { TokensPanel } from './tokens-panel.tsx';

/** OAuth clients of the account or of a product, and the account's tokens (UI-31, API-22). */
export function AuthenticationPage() {
  const place = usePlace();
  return (
    <Page
      title="Authentication"
      about={
        place.kind === 'product'
          ? 'What programs log in to this product with.'
          : 'What browsers, apps and scripts are logged in to your account with.'
      }
    >
      <Stack>
        <ClientsPanel place={place} />
        {place.kind === 'sandbox' && <TokensPanel />}
      </Stack>
    </Page>
  );
}
