import type { Output } from '@cloudchamber/contract';
import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { DataOperations } from '../../components/data-operations/data-operations.tsx';
import { api } from '../../data/api.ts';
import { useCan } from '../../data/permissions.ts';
import { reading } from '../../data/query.ts';
import { useChange } from '../../data/use-change.ts';
import { usePlace } from '../../data/use-place.ts';
import { Confirm } from '../../ui/confirm.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { Link } from '../../ui/link.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Time } from '../../ui/time.tsx';
import { messageOf } from '../../ui/toasts.tsx';
import { organizationNameProblem } from './organization-name.ts';

type Organization = Output<'getOrganization'>['organization'];

/** What an organization is called, what its devices did this month, its end. */
export function OrganizationSettingsPage() {
  const place = usePlace();
  const can = useCan(place);
  const orgIdOrSlug = place.kind === 'organization' ? place.organization : '';
  const one = useQuery(reading('getOrganization', { params: { orgIdOrSlug } }));
  const mayEdit = can('organization:update');
  return (
    <Page title="Settings">
      <Loaded query={one} lines={6}>
        {({ organization }) => (
          <>
            {!mayEdit && <Text c="dimmed">The owner and administrators can change these.</Text>}
            <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" key={organization.id}>
              <General organization={organization} mayEdit={mayEdit} />
              {can('service_agreements.usage_summary:get') && <DataOperations place={place} />}
              {can('organization:remove') && <Delete organization={organization} />}
            </SimpleGrid>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function General({ organization, mayEdit }: { readonly organization: Organization; readonly mayEdit: boolean }) {
  const form = useForm({ initialValues: { name: organization.name }, validate: { name: organizationNameProblem } });
  const save = useChange({
    run: ({ name }: typeof form.values) =>
      api.call('updateOrganization', { params: { orgIdOrSlug: organization.id }, body: { name: name.trim() } }),
    changes: ['getOrganization', 'listOrganizations'],
    done: () => 'Saved',
    onDone: ({ organization: { name } }) => {
      form.setValues({ name });
      form.resetDirty({ name });
    },
    showsError: true,
  });
  return (
    <Panel title="General">
      <form onSubmit={form.onSubmit((values) => save.mutate(values))} noValidate>
        <Stack>
          <TextInput
            label="Name"
            description="The slug stays when it changes."
            maxLength={100}
            readOnly={!mayEdit}
            autoComplete="organization"
            {...form.getInputProps('name')}
            error={form.errors.name ?? (save.isError ? messageOf(save.error) : undefined)}
          />
          <Group gap="lg">
            <div>
              <Text size="sm" c="dimmed">
                Slug
              </Text>
              <IdText id={organization.slug} what="slug" />
            </div>
            <div>
              <Text size="sm" c="dimmed">
                ID
              </Text>
              <IdText id={organization.id} what="organization id" />
            </div>
            <div>
              <Text size="sm" c="dimmed">
                Made
              </Text>
              <Time at={organization.created_at} />
            </div>
          </Group>
          {mayEdit && (
            <Group justify="flex-end">
              <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
                Save
              </Button>
            </Group>
          )}
        </Stack>
      </form>
    </Panel>
  );
}

function Delete({ organization }: { readonly organization: Organization }) {
  const { id, slug, name } = organization;
  const navigate = useNavigate();
  const [isAsking, setIsAsking] = useState(false);
  const products = useQuery(reading('listOrganizationProducts', { params: { orgIdOrSlug: slug } }));
  const remove = useChange({
    run: () => api.call('removeOrganization', { params: { orgIdOrSlug: id } }),
    changes: ['listOrganizations'],
    done: () => `${name} is deleted`,
    onDone: () => navigate({ to: '/products' }),
  });
  const count = products.data?.products.length;
  return (
    <Panel title="Delete the organization" about="This cannot be undone. Its team and API users end with it.">
      {count !== undefined && count > 0 && (
        <Text size="sm">
          It still has{' '}
          <Link to="/orgs/$organization/products" params={{ organization: slug }} size="sm">
            {count === 1 ? '1 product' : `${count} products`}
          </Link>
          : delete or give away these first.
        </Text>
      )}
      <Group>
        <Button
          color="red"
          variant="outline"
          leftSection={<IconTrash size={18} aria-hidden />}
          disabled={count !== 0}
          onClick={() => setIsAsking(true)}
        >
          Delete {name}
        </Button>
      </Group>
      <Confirm
        opened={isAsking}
        onClose={() => setIsAsking(false)}
        onConfirm={() => remove.mutate()}
        title={`Delete ${name}?`}
        action="Delete the organization"
        typed={name}
        loading={remove.isPending}
      >
        <Text size="sm">Its team, API users, invitations and integrations end at once.</Text>
      </Confirm>
    </Panel>
  );
}
