import { ActionIcon, Group, Stack, Text, Tooltip } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import type { Place } from '../../data/place.ts';
import type { Column } from '../../ui/data-table.tsx';
import { IdText } from '../../ui/id-text.tsx';
import type { Client } from './client.ts';
import { scopeText } from './client-kinds.ts';

export interface ClientActions {
  onEdit?(client: Client): void;
  onRemove?(client: Client): void;
}

export function clientColumns(place: Place, { onEdit, onRemove }: ClientActions): Column<Client>[] {
  return [
    { title: 'Name', cell: ({ name }) => name, text: ({ name }) => name },
    { title: 'Client ID', cell: ({ id }) => <IdText id={id} what="client ID" />, text: ({ id }) => id },
    {
      title: 'Type',
      cell: ({ type, redirect_uri: back }) => (
        <Stack gap={0}>
          <Text size="sm">{type === 'web' ? 'Web' : 'Installed'}</Text>
          {back !== undefined && (
            <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
              {back}
            </Text>
          )}
        </Stack>
      ),
      text: ({ type, redirect_uri: back }) => (back === undefined ? type : `${type} ${back}`),
    },
    {
      title: 'May do',
      cell: ({ scope }) => scopeText(place, scope),
      text: ({ scope }) => scopeText(place, scope),
    },
    ...(onEdit === undefined && onRemove === undefined
      ? []
      : [
          {
            title: 'Actions',
            align: 'right' as const,
            cell: (client: Client) => (
              <Group gap={4} justify="flex-end" wrap="nowrap">
                {onEdit && (
                  <Tooltip label="Edit">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      onClick={() => onEdit(client)}
                      aria-label={`Edit ${client.name}`}
                    >
                      <IconPencil size={18} aria-hidden />
                    </ActionIcon>
                  </Tooltip>
                )}
                {onRemove && (
                  <Tooltip label="Delete">
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      onClick={() => onRemove(client)}
                      aria-label={`Delete ${client.name}`}
                    >
                      <IconTrash size={18} aria-hidden />
                    </ActionIcon>
                  </Tooltip>
                )}
              </Group>
            ),
          },
        ]),
  ];
}
