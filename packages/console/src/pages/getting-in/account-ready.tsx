import type { ConsoleCloud } from '@cloudchamber/contract';
import { Button, Stack, Text } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { Problem } from '../../components/account-forms/problem.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { Frame } from './frame.tsx';
import { MailNote } from './mail-note.tsx';

export interface AccountReadyProps {
  readonly username: string;
  readonly cloud: ConsoleCloud;
  /** Where it goes on. */
  readonly next: string;
  /** How the log-in after the sign-up is doing. */
  readonly logIn: { readonly isPending: boolean; readonly error: Error | null };
}

/** What comes after a sign-up: the account works at once, its address is to be confirmed. */
export function AccountReady({ username, cloud, next, logIn }: AccountReadyProps) {
  const router = useRouter();
  return (
    <Frame title="Confirm your address" about={`Your account ${username} is ready.`}>
      <Stack>
        <Text>
          {cloud.mail === 'smtp' && 'A mail with a link to confirm the address is on its way. '}
          You can use the console right away; only logging in to other programs with this account has to wait until the
          address is confirmed.
        </Text>
        <MailNote cloud={cloud} />
        {logIn.error === null ? (
          <Button
            loading={logIn.isPending}
            onClick={() => router.navigate({ href: next, replace: true })}
            fullWidth
            data-autofocus
          >
            Go to the console
          </Button>
        ) : (
          <>
            <Problem error={logIn.error} />
            <LinkButton to="/login" search={{ next }} fullWidth>
              Log in
            </LinkButton>
          </>
        )}
      </Stack>
    </Frame>
  );
}
