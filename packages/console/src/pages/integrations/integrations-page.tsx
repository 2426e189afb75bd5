import { Button, Group, Stack, TextInput } from '@mantine/core';
import { IconDownload, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCan } from '../../data/permissions.ts';
import { type Place, pageOf } from '../../data/place.ts';
import { usePlace } from '../../data/use-place.ts';
import { downloadCsv } from '../../ui/download-csv.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { type Integration, integrationsQuery } from './integration-operations.ts';
import { IntegrationsTable, integrationColumns, targetOf } from './integrations-table.tsx';
import { NoIntegrations } from './no-integrations.tsx';
import { DoubleTriggers, FiresFor } from './trigger-note.tsx';
import { useDoubleTriggers } from './use-double-triggers.ts';

/** The integrations of the sandbox, a product or an organization (UI-23). */
export function IntegrationsPage() {
  const place = usePlace();
  const can = useCan(place);
  const query = useQuery(integrationsQuery(place));
  return (
    <Page
      title="Integrations"
      about={<FiresFor place={place} />}
      actions={
        can('integrations:create') && (
          <LinkButton to={pageOf(place, '/integrations/new')} leftSection={<IconPlus size={16} aria-hidden />}>
            New integration
          </LinkButton>
        )
      }
    >
      <Loaded query={query}>
        {(all) => (all.length === 0 ? <NoIntegrations place={place} /> : <Integrations place={place} all={all} />)}
      </Loaded>
    </Page>
  );
}

function Integrations({ place, all }: { readonly place: Place; readonly all: readonly Integration[] }) {
  const { q = '' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const found = useDoubleTriggers(place, all);
  const words = q.toLowerCase();
  const shown = all.filter((one) =>
    [one.name, one.event, targetOf(one), one.id].some((text) => text.toLowerCase().includes(words)),
  );
  const filter = (text: string) => navigate({ to: '.', search: text === '' ? {} : { q: text }, replace: true });
  return (
    <Stack gap="md">
      <DoubleTriggers found={found} integrations={all} />
      <Group justify="space-between" wrap="wrap">
        <TextInput
          aria-label="Filter integrations"
          placeholder="Name, event or target"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={q}
          onChange={(event) => filter(event.currentTarget.value)}
          w={{ base: '100%', xs: 280 }}
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => downloadCsv('integrations', integrationColumns(place), shown)}
        >
          CSV
        </Button>
      </Group>
      {shown.length === 0 ? (
        <EmptyState title={`No integration has "${q}" in its name, event or target`}>
          <Button variant="default" onClick={() => filter('')}>
            Clear the filter
          </Button>
        </EmptyState>
      ) : (
        <IntegrationsTable place={place} rows={shown} />
      )}
    </Stack>
  );
}
