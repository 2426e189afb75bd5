import { Button, List, Text } from '@mantine/core';
import { IconBoxMultiple, IconPlus } from '@tabler/icons-react';
import { EmptyState } from '../../../ui/empty-state.tsx';

export interface NoProductsProps {
  /** Makes one; nothing for who may not. */
  readonly onNew: (() => void) | undefined;
  /** The organization whose list it is; undefined for the sandbox. */
  readonly organization: string | undefined;
}

/** Stands where there are no products: what one is for, and how to make one. */
export function NoProducts({ onNew, organization }: NoProductsProps) {
  return (
    <EmptyState
      icon={<IconBoxMultiple size={40} stroke={1.5} aria-hidden />}
      title={organization === undefined ? 'You have no products yet' : `${organization} has no products yet`}
    >
      <Text c="dimmed" ta="center">
        A product is a fleet of devices of one kind of hardware. With it you can
      </Text>
      <List size="sm" spacing={4} maw={480}>
        <List.Item>see how many devices are online, and which firmware runs on each</List.Item>
        <List.Item>release firmware to all of them, to groups, or in steps</List.Item>
        <List.Item>work on them as a team, where everybody has a role</List.Item>
        <List.Item>give devices to customers, who control no more than their own</List.Item>
      </List>
      {onNew === undefined ? (
        <Text c="dimmed" ta="center">
          Administrators and developers of the organization make products.
        </Text>
      ) : (
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={onNew}>
          New Product
        </Button>
      )}
    </EmptyState>
  );
}
