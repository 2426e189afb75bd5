import { ApiError } from '@cloudchamber/contract/client';
import { Button, Group } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../data/api.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { Panel } from '../../ui/panel.tsx';
import { NewTokenModal } from './new-token-modal.tsx';
import type { Token } from './token.ts';
import { tokenColumns } from './token-columns.tsx';

/** Everything that is logged in to the account; each can be ended alone. */
export function TokensPanel() {
  const query = useQuery(reading('listTokens'));
  const current = useQuery({ ...reading('getCurrentToken'), staleTime: Number.POSITIVE_INFINITY });
  const clients = useQuery(reading('listClients'));
  const currentId = current.data?.token;
  const tokens = query.data?.toReversed() ?? [];
  const others = tokens.filter(({ token }) => token !== currentId);
  const [isAdding, setIsAdding] = useState(false);
  const [isEndingAll, setIsEndingAll] = useState(false);
  const [ending, setEnding] = useState<Token>();
  const revoke = useChange({
    run: ({ token }: Token) => api.call('deleteToken', { params: { token } }),
    changes: ['listTokens'],
    done: () => 'The token is revoked',
    onDone: () => setEnding(undefined),
  });
  const revokeOthers = useChange({
    run: async () => {
      for (const { token } of others) await revokeIfThere(token);
    },
    changes: ['listTokens'],
    done: () => 'All other log-ins have ended',
    onDone: () => setIsEndingAll(false),
  });
  const names = new Map(clients.data?.clients.map(({ id, name }) => [id, name]));
  const columns = tokenColumns({ names, currentId, onRevoke: setEnding });
  return (
    <Panel
      title="Access tokens"
      about="Each log-in of a browser, an app or a script. Only their digests are kept: they cannot be shown again."
      action={
        <Group gap="xs">
          {tokens.length > 0 && (
            <Button
              variant="default"
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => downloadCsv('access-tokens', columns, tokens)}
            >
              CSV
            </Button>
          )}
          {others.length > 0 && currentId !== undefined && (
            <Button variant="default" onClick={() => setIsEndingAll(true)}>
              Revoke all others
            </Button>
          )}
          <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setIsAdding(true)}>
            New token
          </Button>
        </Group>
      }
    >
      <DataTable
        label="Access tokens"
        query={query}
        rowsOf={() => tokens}
        keyOf={({ token }) => token}
        columns={columns}
        empty="There is no token."
      />
      <NewTokenModal opened={isAdding} onClose={() => setIsAdding(false)} />
      <Confirm
        opened={ending !== undefined}
        onClose={() => setEnding(undefined)}
        onConfirm={() => ending !== undefined && revoke.mutate(ending)}
        title="Revoke the token?"
        action="Revoke it"
        loading={revoke.isPending}
      >
        {ending?.token === currentId
          ? 'It is the one of this browser: you are logged out at once.'
          : 'Whatever uses it is logged out at once, and its event streams end.'}
      </Confirm>
      <Confirm
        opened={isEndingAll}
        onClose={() => setIsEndingAll(false)}
        onConfirm={() => revokeOthers.mutate()}
        title={`Revoke ${others.length} ${others.length === 1 ? 'token' : 'tokens'}?`}
        action="Revoke all others"
        loading={revokeOthers.isPending}
      >
        Every other browser, app and script of this account is logged out at once. This browser stays logged in.
      </Confirm>
    </Panel>
  );
}

/** A token that came of the same log-in as one before is gone with it. */
async function revokeIfThere(token: string): Promise<void> {
  try {
    await api.call('deleteToken', { params: { token } });
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
  }
}
