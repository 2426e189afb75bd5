import { Button, Group, List, Select, Stack, Text, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { useUser } from '../../../data/session.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Link } from '../../../ui/link.tsx';
import { Loaded } from '../../../ui/loaded.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { PRODUCT_READS, type Product } from './general-form.tsx';

export interface OwnerPanelProps {
  readonly product: Product;
  /** Whether the person owns it, and so may give it away. */
  readonly mayTransfer: boolean;
}

/** Who owns the product, and how it gets another owner (PRD-04, OWN-01, OWN-02). */
export function OwnerPanel({ product, mayTransfer }: OwnerPanelProps) {
  const { id, operator } = useUser();
  return (
    <Panel title="Owner">
      {product.org === null ? (
        <Text size="sm">
          {product.user === id ? 'You own this product.' : 'An account of its team owns this product.'}
        </Text>
      ) : (
        <Text size="sm">
          The organization{' '}
          <Link to="/orgs/$organization/products" params={{ organization: product.org }} size="sm">
            {product.org}
          </Link>{' '}
          owns this product.
        </Text>
      )}
      {mayTransfer ? (
        <ToOrganization product={product} />
      ) : (
        <Text size="sm" c="dimmed">
          Only the owner can give it to another organization.
        </Text>
      )}
      {operator && <ToAccount product={product} />}
      {!operator && mayTransfer && (
        <Text size="sm" c="dimmed">
          Only an operator of this cloud can give it to another account.
        </Text>
      )}
    </Panel>
  );
}

function ToOrganization({ product }: { readonly product: Product }) {
  const organizations = useQuery(reading('listOrganizations'));
  const [slug, setSlug] = useState<string | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const transfer = useChange({
    run: (organization: string) =>
      api.call('transferProduct', { params: { productIdOrSlug: String(product.id) }, body: { organization } }),
    changes: [...PRODUCT_READS, 'getProductPermissions', 'listProductTeam', 'getFleet'],
    done: () => `${product.name} has another owner`,
    onDone: () => {
      setIsAsking(false);
      setSlug(null);
    },
  });
  return (
    <Loaded query={organizations} lines={1}>
      {({ organizations: all }) => {
        const others = all.filter((one) => one.slug !== product.org);
        if (others.length === 0) {
          return (
            <Text size="sm" c="dimmed">
              You are in no {all.length > 0 ? 'other ' : ''}organization that it could be given to.
            </Text>
          );
        }
        const name = others.find((one) => one.slug === slug)?.name ?? '';
        return (
          <>
            <Group align="flex-end" gap="sm">
              <Select
                label="Give it to an organization"
                placeholder="Choose the organization"
                data={others.map((one) => ({ value: one.slug, label: one.name }))}
                value={slug}
                onChange={setSlug}
                style={{ flex: '1 1 200px' }}
              />
              <Button variant="default" disabled={slug === null} onClick={() => setIsAsking(true)}>
                Give away
              </Button>
            </Group>
            <Confirm
              opened={isAsking && slug !== null}
              onClose={() => setIsAsking(false)}
              onConfirm={() => slug !== null && transfer.mutate(slug)}
              title={`Give ${product.name} to ${name}?`}
              action="Give the product away"
              typed={product.name}
              loading={transfer.isPending}
            >
              <Consequences />
            </Confirm>
          </>
        );
      }}
    </Loaded>
  );
}

function Consequences() {
  return (
    <Stack gap="xs">
      <Text size="sm">
        Its settings, devices, firmware, customers, team and tokens go along. From then on the owner and the
        administrators of the organization decide about it.
      </Text>
      <List size="sm" spacing={4}>
        <List.Item>Devices stay online; nothing disconnects.</List.Item>
        <List.Item>Claims do not change: every device stays claimed to whom it is.</List.Item>
        <List.Item>
          Integrations of an account keep firing for the devices that are claimed to it, so the old owner’s do too, for
          as long as the claims stay.
        </List.Item>
        <List.Item>The 100-device limit of an account no longer applies.</List.Item>
        <List.Item>Only an operator of this cloud can give it back to an account.</List.Item>
      </List>
    </Stack>
  );
}

function ToAccount({ product }: { readonly product: Product }) {
  const [email, setEmail] = useState('');
  const [isAsking, setIsAsking] = useState(false);
  const transfer = useChange({
    run: () =>
      api.call('transferProductToUser', { params: { productId: String(product.id) }, body: { owner: email.trim() } }),
    changes: [...PRODUCT_READS, 'getProductPermissions', 'listProductTeam', 'getFleet'],
    done: () => `${product.name} belongs to ${email.trim()}`,
    onDone: () => {
      setIsAsking(false);
      setEmail('');
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        setIsAsking(email.trim() !== '');
      }}
    >
      <Group align="flex-end" gap="sm">
        <TextInput
          label="As an operator: give it to an account"
          placeholder="ann@example.net"
          type="email"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          style={{ flex: '1 1 200px' }}
        />
        <Button type="submit" variant="default" disabled={email.trim() === ''}>
          Give away
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => transfer.mutate()}
        title={`Give ${product.name} to ${email.trim()}?`}
        action="Give the product away"
        typed={product.name}
        loading={transfer.isPending}
      >
        <Text size="sm">
          The account becomes the owner. Devices, claims, customers, team and tokens stay, nothing disconnects.
        </Text>
      </Confirm>
    </form>
  );
}
