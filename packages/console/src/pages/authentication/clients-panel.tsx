import { Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useCan } from '../../data/permissions.ts';
import type { Place } from '../../data/place.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { Client } from './client.ts';
import { clientColumns } from './client-columns.tsx';
import { clientOperations } from './client-operations.ts';
import { EditClientModal } from './edit-client-modal.tsx';
import { NewClientModal } from './new-client-modal.tsx';

/** The OAuth clients of a place. */
export function ClientsPanel({ place }: { readonly place: Place }) {
  const can = useCan(place);
  const product = place.kind === 'product' ? place.product : undefined;
  const own = useQuery({ ...reading('listClients'), enabled: product === undefined });
  const theirs = useQuery({
    ...reading('listProductClients', { params: { productIdOrSlug: product ?? '' } }),
    enabled: product !== undefined,
  });
  const query = product === undefined ? own : theirs;
  const clients = query.data?.clients ?? [];
  const [isAdding, setIsAdding] = useState(false);
  const [editing, setEditing] = useState<Client>();
  const [removing, setRemoving] = useState<Client>();
  const operations = clientOperations(place);
  const remove = useChange({
    run: ({ id }: Client) => operations.remove(id),
    changes: operations.changes,
    done: ({ name }) => `The client ${name} is deleted`,
    onDone: () => setRemoving(undefined),
  });
  const columns = clientColumns(place, {
    ...(can('clients:update') && { onEdit: setEditing }),
    ...(can('clients:remove') && { onRemove: setRemoving }),
  });
  return (
    <Panel
      title="OAuth clients"
      about={
        product === undefined ? (
          'Programs that get tokens with an id and a secret of their own.'
        ) : (
          <>
            Programs that act for this product, or for its customers. API users, whose tokens never expire, are on the{' '}
            <Link to="/products/$product/team" params={{ product }} inherit underline="always">
              Team
            </Link>{' '}
            page.
          </>
        )
      }
      action={
        <Group gap="xs">
          {clients.length > 0 && (
            <Button
              variant="default"
              leftSection={<IconDownload size={18} aria-hidden />}
              onClick={() => downloadCsv('oauth-clients', columns, clients)}
            >
              CSV
            </Button>
          )}
          {can('clients:create') && (
            <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setIsAdding(true)}>
              New Client
            </Button>
          )}
        </Group>
      }
    >
      <DataTable
        label="OAuth clients"
        query={query}
        rowsOf={(data) => data.clients}
        keyOf={({ id }) => id}
        columns={columns}
        empty={
          <Stack gap={2} py="xs">
            <Text fw={600}>No clients yet</Text>
            <Text size="sm" c="dimmed">
              {product === undefined
                ? 'Make one for a server or a script of yours, so that it needs no password: it exchanges id and secret for tokens, and you can end it alone.'
                : 'Make one for your server (Two-Legged Auth), or for the app through which your customers set up their devices (Simple Auth).'}
            </Text>
          </Stack>
        }
      />
      <NewClientModal place={place} opened={isAdding} onClose={() => setIsAdding(false)} />
      <EditClientModal place={place} client={editing} onClose={() => setEditing(undefined)} />
      <Confirm
        opened={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        onConfirm={() => removing !== undefined && remove.mutate(removing)}
        title={`Delete the client ${removing?.name ?? ''}?`}
        action="Delete the client"
        typed={removing?.name ?? ''}
        loading={remove.isPending}
      >
        All tokens that it was given stop working at once. This cannot be undone.
      </Confirm>
    </Panel>
  );
}
