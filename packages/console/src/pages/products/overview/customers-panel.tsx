import { Stack, Text } from '@mantine/core';
import { LinkButton } from '../../../ui/link.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { counted, type Fleet, type OfProduct } from './fleet.ts';

export interface CustomersPanelProps extends OfProduct {
  readonly fleet: Fleet;
}

/** Which customers use their devices (PRD-24). */
export function CustomersPanel({ product, fleet }: CustomersPanelProps) {
  const { total, active } = fleet.customers;
  return (
    <Panel
      title="Which customers use their devices?"
      action={
        <LinkButton to="/products/$product/customers" params={{ product }} variant="default" size="compact-sm">
          Customers
        </LinkButton>
      }
    >
      {total === 0 ? (
        <Text c="dimmed" size="sm">
          The product has no customers. Devices can belong to one account of the team, to nobody, or to customers who
          control their own.
        </Text>
      ) : (
        <Stack gap={0}>
          <Text fw={650} fz={28} lh={1.2}>
            {active.toLocaleString('en')}{' '}
            <Text span fz="md" fw={400}>
              of {counted(total, 'customer')} active
            </Text>
          </Text>
          <Text size="sm" c="dimmed">
            {(total - active).toLocaleString('en')} not: none of their devices was heard in the last 30 days
          </Text>
        </Stack>
      )}
    </Panel>
  );
}
