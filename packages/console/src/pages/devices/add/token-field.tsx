import { ApiError } from '@cloudchamber/contract/client';
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { api } from '../../../data/api.ts';
import { useUser } from '../../../data/session.ts';
import { useChange } from '../../../data/use-change.ts';
import { messageOf } from '../../../ui/toasts.tsx';

/** A day: commands that somebody copies are not for longer. */
const TOKEN_SECONDS = 86_400;
/** The client that command lines have. */
const CLIENT = { client_id: 'particle', client_secret: 'particle' };

export interface TokenFieldProps {
  readonly token: string | undefined;
  onToken(token: string | undefined): void;
}

/** Makes an access token for a command with the password of the account, since the log-in of a browser is no token. */
export function TokenField({ token, onToken }: TokenFieldProps) {
  const { username, mfa } = useUser();
  const form = useForm({ mode: 'uncontrolled', initialValues: { password: '', otp: '' } });
  const make = useChange({
    run: (values: { readonly password: string; readonly otp: string }) => newToken(username, values),
    changes: ['listTokens'],
    onDone: ({ access_token }) => onToken(access_token),
    showsError: true,
  });
  if (token !== undefined) {
    return (
      <Group gap="xs">
        <Text size="sm">The command has a token that is good for a day.</Text>
        <Button variant="default" size="compact-sm" onClick={() => onToken(undefined)}>
          Leave it out
        </Button>
      </Group>
    );
  }
  const submit = form.onSubmit((values) => {
    if (values.password === '') return form.setFieldError('password', 'Your password is needed');
    make.mutate(values, { onError: (error) => form.setFieldError('password', messageOf(error)) });
  });
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Group align="flex-start" gap="xs">
          <PasswordInput
            label="Your password"
            description="Makes an access token for the command, good for a day."
            autoComplete="current-password"
            style={{ flex: '1 1 220px' }}
            key={form.key('password')}
            {...form.getInputProps('password')}
          />
          {mfa && (
            <TextInput
              label="Code"
              description="Of your authenticator."
              inputMode="numeric"
              autoComplete="one-time-code"
              style={{ flex: '0 1 160px' }}
              key={form.key('otp')}
              {...form.getInputProps('otp')}
            />
          )}
        </Group>
        <Group>
          <Button type="submit" variant="default" loading={make.isPending}>
            Fill in a token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

async function newToken(username: string, { password, otp }: { readonly password: string; readonly otp: string }) {
  const expires_in = TOKEN_SECONDS;
  try {
    return await api.call('createToken', {
      body: { ...CLIENT, grant_type: 'password', username, password, expires_in },
    });
  } catch (error) {
    const mfa_token = mfaTokenOf(error);
    if (mfa_token === undefined) throw error;
    return api.call('createToken', {
      body: { ...CLIENT, grant_type: 'urn:custom:mfa-otp', mfa_token, otp, expires_in },
    });
  }
}

function mfaTokenOf(error: unknown): string | undefined {
  if (!(error instanceof ApiError) || error.code !== 'mfa_required') return undefined;
  const { body } = error;
  if (typeof body !== 'object' || body === null || !('mfa_token' in body)) return undefined;
  return typeof body.mfa_token === 'string' ? body.mfa_token : undefined;
}
