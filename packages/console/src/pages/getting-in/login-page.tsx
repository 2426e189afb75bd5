import { ApiError } from '@cloudchamber/contract/client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRouter, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { changeSession, useSession } from '../../data/session.ts';
import { Link } from '../../ui/link.tsx';
import { CodeForm } from './code-form.tsx';
import { Frame } from './frame.tsx';
import { nextSearch, safeNext } from './next-search.ts';
import { PasswordForm } from './password-form.tsx';

interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly otp?: string;
}

/** Logs in by e-mail and password, and by a code where the account takes one. */
export function LoginPage() {
  const { cloud } = useSession();
  const { next } = nextSearch(useSearch({ strict: false }));
  const router = useRouter();
  const queries = useQueryClient();
  const [waiting, setWaiting] = useState<Credentials>();
  const logIn = useMutation({
    mutationFn: async (credentials: Credentials) => {
      const { csrf } = await api.call('createConsoleSession', { body: credentials });
      await changeSession(queries, csrf);
      await router.navigate({ href: safeNext(next), replace: true });
    },
    onError: (error, credentials) => {
      if (needsCode(error)) setWaiting(credentials);
    },
  });
  const problem = logIn.error !== null && !needsCode(logIn.error) ? logIn.error : null;
  const signUp = cloud.signup === 'open' && (
    <>
      New here?{' '}
      <Link to="/signup" search={next === undefined ? {} : { next }} inherit underline="always">
        Sign up
      </Link>
    </>
  );
  if (waiting !== undefined) {
    return (
      <Frame title="Enter your code" about={`For ${waiting.username}`}>
        <CodeForm
          problem={problem}
          isPending={logIn.isPending}
          onSubmit={(otp) => logIn.mutate({ ...waiting, otp })}
          onBack={() => {
            logIn.reset();
            setWaiting(undefined);
          }}
        />
      </Frame>
    );
  }
  return (
    <Frame title="Log in" footer={signUp || undefined}>
      <PasswordForm
        problem={problem}
        isPending={logIn.isPending}
        cloud={cloud}
        onSubmit={(credentials) => logIn.mutate(credentials)}
      />
    </Frame>
  );
}

function needsCode(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'mfa_required';
}
