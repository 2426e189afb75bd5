import { Button, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { emailProblem } from '../../components/account-forms/field-rules.ts';
import { Problem } from '../../components/account-forms/problem.tsx';
import { api } from '../../data/api.ts';
import { useSession } from '../../data/session.ts';
import { Link } from '../../ui/link.tsx';
import { Frame } from './frame.tsx';
import { MailNote } from './mail-note.tsx';

/** Asks for the mail whose link sets a new password. Says the same whether or not the address has an account. */
export function ForgotPasswordPage() {
  const { cloud } = useSession();
  const ask = useMutation({
    mutationFn: (username: string) => api.call('requestPasswordReset', { body: { username } }),
  });
  const form = useForm({ initialValues: { username: '' }, validate: { username: emailProblem } });
  const back = (
    <Link to="/login" search={{}} inherit underline="always">
      Back to the log-in
    </Link>
  );
  if (ask.isSuccess) {
    return (
      <Frame title="Look for a mail" footer={back}>
        <Text role="status">
          If {ask.variables} has an account here,{' '}
          {cloud.mail === 'smtp' ? 'a mail is on its way' : 'there is a mail for it'}. The link in it sets a new
          password; it works once, for an hour.
        </Text>
        <MailNote cloud={cloud} />
        <Button variant="default" onClick={() => ask.reset()} fullWidth>
          Try another address
        </Button>
      </Frame>
    );
  }
  return (
    <Frame title="Reset your password" about="We send you a link to set a new one." footer={back}>
      <form noValidate onSubmit={form.onSubmit(({ username }) => ask.mutate(username.trim()))}>
        <Stack>
          {ask.error !== null && <Problem error={ask.error} />}
          <TextInput
            label="E-mail"
            type="email"
            name="username"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            {...form.getInputProps('username')}
          />
          <Button type="submit" loading={ask.isPending} fullWidth>
            Send the link
          </Button>
        </Stack>
      </form>
    </Frame>
  );
}
