import { Badge, Group, Stack, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCan } from '../../data/permissions.ts';
import { type Place, pageOf } from '../../data/place.ts';
import { useChange } from '../../data/use-change.ts';
import { usePlace } from '../../data/use-place.ts';
import { ErrorState } from '../../ui/error-state.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { Link } from '../../ui/link.tsx';
import { Skeletons } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { Time } from '../../ui/time.tsx';
import { DailyChart } from './detail/daily-chart.tsx';
import { DeliveriesTab } from './detail/deliveries-tab.tsx';
import { IntegrationActions } from './detail/integration-actions.tsx';
import { RequestLog } from './detail/request-log.tsx';
import { useLiveRequests } from './detail/use-live-requests.ts';
import { IntegrationEditor } from './editor/integration-editor.tsx';
import { CHANGES, type IntegrationDetails, integrationOperations, integrationQuery } from './integration-operations.ts';
import type { IntegrationSearch } from './integrations-search.ts';
import { kindOf, targetOf } from './integrations-table.tsx';
import { type Settings, settingsOfAnswer } from './settings/settings.ts';
import { SigningSecret } from './signing-secret.tsx';
import { DoubleTriggers } from './trigger-note.tsx';
import { useDoubleTriggers } from './use-double-triggers.ts';

/** One integration: its latest requests, what it is owed, its settings (UI-23, UI-24). */
export function IntegrationPage() {
  const place = usePlace();
  const { integrationId = '' } = useParams({ strict: false });
  const known = useQuery({ ...integrationQuery(place, integrationId), select: ({ event }) => event });
  const live = useLiveRequests(place, known.data);
  const query = useQuery({
    ...integrationQuery(place, integrationId),
    refetchInterval: ({ state }) => live.refetchInterval(state.data),
  });
  const back = <Link to={pageOf(place, '/integrations')}>Integrations</Link>;
  if (query.data === undefined) {
    return (
      <Page title="Integration" about={back}>
        {query.isError ? <ErrorState error={query.error} onRetry={() => query.refetch()} /> : <Skeletons lines={6} />}
      </Page>
    );
  }
  return <Loaded place={place} integration={query.data} isLive={live.isLive} />;
}

interface LoadedProps {
  readonly place: Place;
  readonly integration: IntegrationDetails;
  readonly isLive: boolean;
}

function Loaded({ place, integration, isLive }: LoadedProps) {
  const { tab = 'requests' } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { id, name, event, created_at: createdAt, updated_at: updatedAt } = integration;
  const found = useDoubleTriggers(place, [integration]);
  const show = (search: IntegrationSearch) => void navigate({ to: '.', search, replace: true });
  const isWebhook = integration.integration_type === 'Webhook';
  return (
    <Page
      title={name}
      about={
        <Stack gap={4}>
          <Group gap="xs">
            <Link to={pageOf(place, '/integrations')}>Integrations</Link>
            <Badge variant="default">{kindOf(integration.integration_type)}</Badge>
            <IdText id={id} what="integration ID" />
          </Group>
          <span style={{ overflowWrap: 'anywhere' }}>
            Events that begin with <span className="mono">{event}</span> {isWebhook ? 'make a' : 'go to'}{' '}
            <span className="mono">
              {isWebhook ? `${integration.requestType ?? 'POST'} ${targetOf(integration)}` : targetOf(integration)}
            </span>
            . Made <Time at={createdAt} />, changed <Time at={updatedAt} />.
          </span>
        </Stack>
      }
      actions={<IntegrationActions place={place} integration={integration} isEditing={tab === 'settings'} />}
    >
      <SigningSecret id={id} />
      <DoubleTriggers found={found} integrations={[integration]} />
      <Tabs
        value={tab}
        onChange={(next) => show(next === 'deliveries' || next === 'settings' ? { tab: next } : {})}
        keepMounted={false}
      >
        <Tabs.List mb="md" aria-label="Parts of the integration">
          <Tabs.Tab value="requests">Requests</Tabs.Tab>
          <Tabs.Tab value="deliveries">Deliveries</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="requests">
          <Stack gap="md">
            <RequestLog
              logs={integration.logs}
              command={commandFor(place, event)}
              waiting={waitingText(integration, isLive)}
            />
            <DailyChart counters={integration.counters} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="deliveries">
          <DeliveriesTab place={place} integration={integration} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <SettingsTab key={updatedAt} place={place} integration={integration} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}

function SettingsTab({ place, integration }: Omit<LoadedProps, 'isLive'>) {
  const { view } = useSearch({ strict: false });
  const navigate = useNavigate();
  const can = useCan(place);
  const update = useChange({
    run: (settings: Settings) => integrationOperations(place).update(integration.id, settings),
    changes: CHANGES,
    showsError: true,
    done: () => 'The settings are saved',
  });
  const { counters: _, logs: __, ...answer } = integration;
  return (
    <IntegrationEditor
      place={place}
      settings={settingsOfAnswer(answer)}
      isNew={false}
      readOnly={!can('integrations:update')}
      view={view ?? 'form'}
      onView={(next) =>
        void navigate({ to: '.', search: { tab: 'settings', ...(next === 'json' && { view: next }) }, replace: true })
      }
      action="Save"
      onSave={update.mutateAsync}
    />
  );
}

function waitingText({ event, disabled }: IntegrationDetails, isLive: boolean): string {
  if (disabled) return 'It is disabled: what it is owed waits until it is enabled.';
  return isLive ? `Listening: the first event that begins with ${event} shows here by itself.` : '';
}

function commandFor(place: Place, event: string): string {
  if (place.kind === 'organization') return `Particle.publish("${event}", "21.5");`;
  const path = place.kind === 'product' ? `products/${place.product}/events` : 'devices/events';
  return `curl ${location.origin}/v1/${path} -H "Authorization: Bearer $TOKEN" -d name=${event} -d data=21.5`;
}
