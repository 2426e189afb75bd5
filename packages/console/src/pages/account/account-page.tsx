import { Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../data/query.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { DeletePanel } from './delete-panel.tsx';
import { EmailPanel } from './email-panel.tsx';
import { LoginsPanel } from './logins-panel.tsx';
import { MfaPanel } from './mfa-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { ProfilePanel } from './profile-panel.tsx';
import { TeamsPanel } from './teams-panel.tsx';
import { UnconfirmedNotice } from './unconfirmed-notice.tsx';

/** The person's own account: name, address, password, second factor, teams. */
export function AccountPage() {
  const query = useQuery(reading('getUser'));
  return (
    <Page title="Account" about={query.data?.username}>
      <Loaded query={query} lines={8}>
        {(account) => (
          <Stack maw={760}>
            {!account.email_verified && <UnconfirmedNotice account={account} />}
            <ProfilePanel account={account} />
            <EmailPanel account={account} />
            <PasswordPanel account={account} />
            <MfaPanel account={account} />
            <LoginsPanel />
            <TeamsPanel account={account} />
            <DeletePanel account={account} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
