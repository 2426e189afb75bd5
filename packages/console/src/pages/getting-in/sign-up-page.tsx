import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { CLOSED_TEXTS } from '../../components/account-forms/problem-text.ts';
import { api } from '../../data/api.ts';
import { changeSession, useSession } from '../../data/session.ts';
import { Link } from '../../ui/link.tsx';
import { AccountReady } from './account-ready.tsx';
import { Frame } from './frame.tsx';
import { nextSearch, safeNext } from './next-search.ts';
import { type NewAccount, SignUpForm } from './sign-up-form.tsx';

/** Makes an account and logs it in; the address can be confirmed later. */
export function SignUpPage() {
  const { cloud } = useSession();
  const { next } = nextSearch(useSearch({ strict: false }));
  const queries = useQueryClient();
  const [made, setMade] = useState<string>();
  const signUp = useMutation({
    mutationFn: async ({ username, password, name, company }: NewAccount) => {
      const [first = '', ...others] = name.trim().split(/\s+/);
      await api.call('createUser', {
        body: {
          username,
          password,
          account_info: { first_name: first, last_name: others.join(' '), company_name: company.trim() },
        },
      });
      setMade(username);
      const { csrf } = await api.call('createConsoleSession', { body: { username, password } });
      await changeSession(queries, csrf);
    },
  });
  const footer = (
    <>
      Have an account?{' '}
      <Link to="/login" search={next === undefined ? {} : { next }} inherit underline="always">
        Log in
      </Link>
    </>
  );
  if (made !== undefined) {
    return <AccountReady username={made} cloud={cloud} next={safeNext(next)} logIn={signUp} />;
  }
  if (cloud.signup !== 'open') {
    return (
      <Frame title="Sign up" footer={footer}>
        <Text>{CLOSED_TEXTS[cloud.signup]}</Text>
      </Frame>
    );
  }
  return (
    <Frame title="Sign up" about="Your account owns your devices and products." footer={footer}>
      <SignUpForm problem={signUp.error} isPending={signUp.isPending} onSubmit={signUp.mutate} />
    </Frame>
  );
}
