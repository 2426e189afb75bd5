import { ActionIcon, ColorSwatch, Group, Text, Tooltip } from '@mantine/core';
import { IconEdit, IconTrash } from '@tabler/icons-react';
import type { Column } from '../../ui/data-table.tsx';
import { Link } from '../../ui/link.tsx';
import type { Group as DeviceGroup } from './group-reads.ts';

export interface GroupColumnsOptions {
  /** Id or slug. */
  readonly product: string;
  /** Left out where the person may not. */
  readonly onEdit: ((group: DeviceGroup) => void) | undefined;
  readonly onDelete: ((group: DeviceGroup) => void) | undefined;
}

/** The columns of the groups of a product. */
export function groupColumns({ product, onEdit, onDelete }: GroupColumnsOptions): Column<DeviceGroup>[] {
  const columns: Column<DeviceGroup>[] = [
    {
      title: 'Group',
      cell: ({ name, color }) => (
        <Group gap="xs" wrap="nowrap">
          <ColorSwatch color={color} size={14} aria-hidden style={{ flexShrink: 0 }} />
          <Text span inherit fw={600} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
        </Group>
      ),
      text: ({ name }) => name,
    },
    {
      title: 'Description',
      cell: ({ description }) =>
        description === '' ? (
          <Text span inherit c="dimmed">
            none
          </Text>
        ) : (
          <Text span inherit lineClamp={2} maw={420}>
            {description}
          </Text>
        ),
      text: ({ description }) => description,
    },
    {
      title: 'Devices',
      align: 'right',
      cell: ({ name, device_count: count }) => (
        <Link
          to="/products/$product/devices"
          params={{ product }}
          search={{ groups: name }}
          inherit
          aria-label={`${count.toLocaleString('en')} devices in ${name}`}
        >
          {count.toLocaleString('en')}
        </Link>
      ),
      text: ({ device_count: count }) => String(count),
    },
    {
      title: 'Released firmware',
      cell: ({ fw_version: version }) =>
        version === null ? (
          <Text span inherit c="dimmed">
            none of its own
          </Text>
        ) : (
          <Link to="/products/$product/firmware" params={{ product }} inherit>
            version {version}
          </Link>
        ),
      text: ({ fw_version: version }) => String(version ?? ''),
    },
  ];
  if (onEdit === undefined && onDelete === undefined) return columns;
  return [
    ...columns,
    {
      title: 'Actions',
      align: 'right',
      cell: (group) => (
        <Group gap={4} justify="flex-end" wrap="nowrap">
          {onEdit && (
            <Tooltip label="Edit">
              <ActionIcon variant="subtle" color="gray" aria-label={`Edit ${group.name}`} onClick={() => onEdit(group)}>
                <IconEdit size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
          {onDelete && (
            <Tooltip label="Delete">
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Delete ${group.name}`}
                onClick={() => onDelete(group)}
              >
                <IconTrash size={18} aria-hidden />
              </ActionIcon>
            </Tooltip>
          )}
        </Group>
      ),
    },
  ];
}
