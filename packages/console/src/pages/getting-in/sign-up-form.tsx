import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { emailProblem, newPasswordProblem } from '../../components/account-forms/field-rules.ts';
import { Problem } from '../../components/account-forms/problem.tsx';

export interface NewAccount {
  readonly username: string;
  readonly password: string;
  readonly name: string;
  readonly company: string;
}

export interface SignUpFormProps {
  readonly problem: Error | null;
  readonly isPending: boolean;
  onSubmit(account: NewAccount): void;
}

export function SignUpForm({ problem, isPending, onSubmit }: SignUpFormProps) {
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { username: '', password: '', name: '', company: '' },
    validate: { username: emailProblem, password: newPasswordProblem },
  });
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(({ username, ...others }) => onSubmit({ username: username.trim(), ...others }))}
    >
      <Stack>
        {problem !== null && <Problem error={problem} />}
        <TextInput
          key={form.key('username')}
          label="E-mail"
          type="email"
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
          {...form.getInputProps('username')}
        />
        <PasswordInput
          key={form.key('password')}
          label="Password"
          description="8 characters or more."
          name="password"
          autoComplete="new-password"
          {...form.getInputProps('password')}
        />
        <TextInput
          key={form.key('name')}
          label="Name (optional)"
          autoComplete="name"
          maxLength={200}
          {...form.getInputProps('name')}
        />
        <TextInput
          key={form.key('company')}
          label="Company (optional)"
          autoComplete="organization"
          maxLength={200}
          {...form.getInputProps('company')}
        />
        <Button type="submit" loading={isPending} fullWidth mt={4}>
          Sign up
        </Button>
      </Stack>
    </form>
  );
}
