import { Alert, Button, Group, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { boundsOf } from '../../components/event-log/history-query.ts';
import { fromInput, toInput } from '../../components/event-log/time-input.ts';
import { useEventLogSearch } from '../../components/event-log/use-event-log-search.ts';
import { type Place, pageOf } from '../../data/place.ts';
import { useChange } from '../../data/use-change.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { useZone } from '../../ui/time.tsx';
import { messageOf } from '../../ui/toasts.tsx';
import { integrationsOf, type Replay, replayHistory } from './replay-history.ts';

export interface ReplayEventsProps {
  readonly place: Place;
  readonly opened: boolean;
  onClose(): void;
}

/** Delivers events of the past to an integration, from the event log. */
export function ReplayEvents({ place, opened, onClose }: ReplayEventsProps) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title="Replay events to an integration"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <ReplayForm place={place} onClose={onClose} />
    </Modal>
  );
}

const HOUR_MS = 3_600_000;

function ReplayForm({ place, onClose }: Pick<ReplayEventsProps, 'place' | 'onClose'>) {
  const integrations = useQuery(integrationsOf(place));
  const zone = useZone();
  const [search] = useEventLogSearch();
  const [sent, setSent] = useState<number>();
  const form = useForm({
    initialValues: {
      integration: '',
      from: toInput(boundsOf(search, Date.now()).from ?? new Date(Date.now() - HOUR_MS).toISOString(), zone),
      to: toInput(search.to, zone),
      event: '',
    },
    validate: {
      integration: (id) => (id === '' ? 'Choose one' : null),
      from: (from) => (fromInput(from, zone) === undefined ? 'A replay needs to know where it begins' : null),
      to: (to, { from }) => (to !== '' && to <= from ? 'This is not after “From”' : null),
    },
  });
  const replay = useChange<Replay, number>({
    run: (value) => replayHistory(place, value, setSent),
    changes: ['listDeliveries', 'listProductDeliveries', 'listOrganizationDeliveries'],
    done: (_value, count) => `${count.toLocaleString('en')} ${count === 1 ? 'event is' : 'events are'} being replayed`,
    onDone: onClose,
    showsError: true,
  });
  const submit = form.onSubmit(({ integration, from, to, event }) => {
    setSent(0);
    const begin = fromInput(from, zone);
    if (begin === undefined) return;
    replay.mutate({
      integrationId: integration,
      from: begin,
      to: fromInput(to, zone),
      event: event === '' ? undefined : event,
    });
  });
  const zoneName = zone === 'utc' ? 'UTC' : 'local time';
  return (
    <Loaded query={integrations}>
      {(list) =>
        list.length === 0 ? (
          <EmptyState title="No integrations yet">
            <LinkButton to={pageOf(place, '/integrations')}>Make an integration</LinkButton>
          </EmptyState>
        ) : (
          <form onSubmit={submit}>
            <Stack>
              <Text size="sm" c="dimmed">
                Sends past events that would trigger the integration now, whether or not they were delivered before.
                They keep their ids.
              </Text>
              <Select
                label="Integration"
                withAsterisk
                data={list.map(({ id, name, disabled }) => ({
                  value: id,
                  label: disabled ? `${name} (disabled)` : name,
                  disabled,
                }))}
                {...form.getInputProps('integration')}
              />
              <SimpleGrid cols={{ base: 1, xs: 2 }}>
                <TextInput
                  type="datetime-local"
                  step={1}
                  withAsterisk
                  label={`From (${zoneName})`}
                  {...form.getInputProps('from')}
                />
                <TextInput
                  type="datetime-local"
                  step={1}
                  label={`To, if not now (${zoneName})`}
                  {...form.getInputProps('to')}
                />
              </SimpleGrid>
              <TextInput
                label="Names that begin with"
                description="Empty for all that trigger the integration"
                {...form.getInputProps('event')}
              />
              {replay.isError && (
                <Alert color="red" variant="outline" role="alert" icon={<IconAlertTriangle aria-hidden />}>
                  {messageOf(replay.error)}
                  {sent !== undefined && sent > 0 && ` ${sent.toLocaleString('en')} were replayed before.`}
                </Alert>
              )}
              {replay.isPending && sent !== undefined && (
                <Text size="sm" role="status">
                  {sent.toLocaleString('en')} so far
                </Text>
              )}
              <Group justify="flex-end">
                <Button variant="default" onClick={onClose}>
                  Cancel
                </Button>
                <Button type="submit" loading={replay.isPending}>
                  Replay
                </Button>
              </Group>
            </Stack>
          </form>
        )
      }
    </Loaded>
  );
}
