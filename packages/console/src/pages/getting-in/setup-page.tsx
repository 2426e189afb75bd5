import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { api } from '../../data/api.ts';
import { changeSession, useSession } from '../../data/session.ts';
import { LinkButton } from '../../ui/link.tsx';
import { Frame } from './frame.tsx';
import { type FirstOperator, SetupForm } from './setup-form.tsx';
import { WhatNext } from './what-next.tsx';

/** The first page of a fresh cloud: makes the account of its operator, then says what comes next. */
export function SetupPage() {
  const { cloud, user } = useSession();
  const { code } = useSearch({ from: '/setup' });
  const queries = useQueryClient();
  const setUp = useMutation({
    mutationFn: async (operator: FirstOperator) => {
      const { csrf } = await api.call('setUpCloud', { body: operator });
      await changeSession(queries, csrf);
    },
  });
  if (setUp.isSuccess) return <WhatNext cloud={cloud} />;
  if (!cloud.firstRun && !setUp.isPending) {
    return (
      <Frame title="This cloud is set up">
        <Text>It has an operator already, so there is nothing to do here.</Text>
        {user === null ? (
          <LinkButton to="/login" search={{}} fullWidth>
            Log in
          </LinkButton>
        ) : (
          <LinkButton to="/devices" fullWidth>
            Go to your devices
          </LinkButton>
        )}
      </Frame>
    );
  }
  return (
    <Frame
      title="Welcome to your cloud"
      about="Make the account of its operator: the one who runs this server and lets others in."
    >
      <SetupForm code={code} problem={setUp.error} isPending={setUp.isPending} onSubmit={setUp.mutate} />
    </Frame>
  );
}
