import { Button, Group, NativeSelect, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Problem } from '../../components/account-forms/problem.tsx';
import { api } from '../../data/api.ts';
import { useUser } from '../../data/session.ts';
import { useChange } from '../../data/use-change.ts';
import { requestToken } from './request-token.ts';

export interface NewTokenFormProps {
  onMade(token: string): void;
}

const LIFETIMES = [
  { value: '3600', label: 'An hour' },
  { value: '86400', label: 'A day' },
  { value: '7776000', label: '90 days' },
  { value: '31536000', label: 'A year' },
  { value: '0', label: 'Forever' },
];

export function NewTokenForm({ onMade }: NewTokenFormProps) {
  const { username, mfa } = useUser();
  const form = useForm({
    initialValues: { password: '', otp: '', lifetime: '7776000' },
    validate: {
      password: (value) => (value === '' ? 'Enter your password' : null),
      otp: (value) => (mfa && value.trim() === '' ? 'Enter a code' : null),
    },
  });
  const create = useChange({
    run: ({ password, otp, lifetime }: typeof form.values) =>
      requestToken((body) => api.call('createToken', { body }), {
        username,
        password,
        otp: otp.trim(),
        lifetimeSeconds: Number(lifetime),
      }),
    changes: ['listTokens'],
    onDone: ({ access_token }) => onMade(access_token),
    showsError: true,
  });
  return (
    <form noValidate onSubmit={form.onSubmit((values) => create.mutate(values))}>
      <Stack>
        {create.error !== null && (
          <Problem error={create.error} wrong={mfa ? 'The password or the code is wrong.' : 'The password is wrong.'} />
        )}
        <Text size="sm">
          For scripts and tools. It acts for you until it expires or is revoked. For a server make a client instead.
        </Text>
        <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('password')}
        />
        {mfa && (
          <TextInput
            label="Code"
            description="Six digits of your authenticator, or a recovery code."
            autoComplete="one-time-code"
            {...form.getInputProps('otp')}
          />
        )}
        <NativeSelect label="Works for" data={LIFETIMES} {...form.getInputProps('lifetime')} />
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending}>
            Create the token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
