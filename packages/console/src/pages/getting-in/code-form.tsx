import { Button, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { Problem } from '../../components/account-forms/problem.tsx';

export interface CodeFormProps {
  readonly problem: Error | null;
  readonly isPending: boolean;
  onSubmit(otp: string): void;
  /** Back to e-mail and password. */
  onBack(): void;
}

/** The second step of a log-in, of accounts with multifactor authentication. */
export function CodeForm({ problem, isPending, onSubmit, onBack }: CodeFormProps) {
  const form = useForm({
    initialValues: { otp: '' },
    validate: { otp: (value) => (value.trim() === '' ? 'Enter a code' : null) },
  });
  return (
    <form noValidate onSubmit={form.onSubmit(({ otp }) => onSubmit(otp.trim()))}>
      <Stack>
        {problem !== null && <Problem error={problem} wrong={WRONG} />}
        <TextInput
          label="Code"
          description="Six digits of your authenticator, or a recovery code."
          name="otp"
          autoComplete="one-time-code"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          {...form.getInputProps('otp')}
        />
        <Button type="submit" loading={isPending} fullWidth>
          Log in
        </Button>
        <Button variant="subtle" onClick={onBack} fullWidth>
          Use another account
        </Button>
      </Stack>
    </form>
  );
}

const WRONG = 'The code is wrong, or was used already. Wait for the next one.';
