import { Anchor, Button, Checkbox, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { Problem } from '../../components/account-forms/problem.tsx';
import { api } from '../../data/api.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { IdText } from '../../ui/id-text.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { ACCOUNT_READS } from './account.ts';
import { QrCode } from './qr-code.tsx';

export interface EnableMfaFormProps {
  /** Gets the recovery codes. */
  onEnabled(codes: readonly string[]): void;
}

export function EnableMfaForm({ onEnabled }: EnableMfaFormProps) {
  // One secret for as long as the form is there: what was scanned has to stay the same.
  const offer = useQuery({
    ...reading('offerMfa'),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
  });
  const form = useForm({
    initialValues: { otp: '', invalidate_tokens: false },
    validate: { otp: (value) => (/^\d{6}$/.test(value.replaceAll(' ', '')) ? null : 'A code has six digits') },
  });
  const enable = useChange({
    run: (values: typeof form.values) =>
      api.call('enableMfa', {
        body: { ...values, otp: values.otp.replaceAll(' ', ''), mfa_token: offer.data?.mfa_token ?? '' },
      }),
    changes: [...ACCOUNT_READS, 'listTokens'],
    onDone: ({ tokens }) => onEnabled(tokens),
    showsError: true,
  });
  return (
    <Loaded query={offer}>
      {({ qr_url: address, secret }) => (
        <form noValidate onSubmit={form.onSubmit((values) => enable.mutate(values))}>
          <Stack>
            {enable.error !== null && (
              <Problem
                error={enable.error}
                wrong="The code is wrong. Check the clock of the authenticator, and take the next code."
              />
            )}
            <Text size="sm">
              Scan this with an authenticator app, or{' '}
              <Anchor href={address} inherit underline="always">
                open it in the app
              </Anchor>{' '}
              of this device.
            </Text>
            <QrCode text={address} label="QR code for the authenticator; the secret below is the same" />
            <Stack gap={2}>
              <Text size="sm">Secret, to be typed in:</Text>
              <IdText id={secret} what="secret" />
            </Stack>
            <TextInput
              label="Code that the authenticator shows"
              inputMode="numeric"
              autoComplete="one-time-code"
              data-autofocus
              {...form.getInputProps('otp')}
            />
            <Checkbox
              label="Log out everywhere else"
              {...form.getInputProps('invalidate_tokens', { type: 'checkbox' })}
            />
            <Group justify="flex-end">
              <Button type="submit" loading={enable.isPending}>
                Enable
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Loaded>
  );
}
