import { Group, Stack, Text, Title } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../data/permissions.ts';
import { type Place, pageOf } from '../../data/place.ts';
import { reading } from '../../data/query.ts';
import { Command } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { LinkButton } from '../../ui/link.tsx';
import { useRecentEvents } from './use-recent-events.ts';

const RECEIVER = `node -e 'require("http").createServer(async (q, s) => { let b = ""; for await (const c of q) b += c; console.log(q.method, q.url, b); s.end("thanks"); }).listen(9000)'`;

/** Stands where a place has no integration: how to get the first one, with the person's own device and event. */
export function NoIntegrations({ place }: { readonly place: Place }) {
  const can = useCan(place);
  const event = useRecentEvents(place)[0] ?? 'temp';
  const cloud = location.origin;
  const path = place.kind === 'product' ? `products/${place.product}/events` : 'devices/events';
  return (
    <EmptyState icon={<IconPlugConnected size={40} aria-hidden />} title="No integrations yet">
      <Text c="dimmed" ta="center">
        An integration carries events out of this cloud: a webhook makes an HTTP request of each, Google Pub/Sub gets
        each as a message.
      </Text>
      {can('integrations:create') && (
        <Group justify="center">
          <LinkButton to={pageOf(place, '/integrations/new')} search={{ event }}>
            Make one for {event}
          </LinkButton>
          <LinkButton to={pageOf(place, '/integrations/new')} search={{ event, view: 'json' }} variant="default">
            From JSON
          </LinkButton>
        </Group>
      )}
      <Stack gap="xs" w="100%" mt="md">
        <Title order={3} size="h5">
          To see one work
        </Title>
        <Text size="sm">
          1. Start a server that prints what it gets, on the machine of this cloud. A cloud that is not the one of npm
          start calls private addresses only when its operator sets CHAMBER_OUTBOUND_ALLOW=127.0.0.1.
        </Text>
        <Command>{RECEIVER}</Command>
        <Text size="sm">
          2. Make a webhook for <span className="mono">{event}</span> to{' '}
          <span className="mono">http://127.0.0.1:9000/in</span>.
        </Text>
        <Text size="sm">
          3.{' '}
          {place.kind === 'organization' ? (
            'Let a device of one of its products publish'
          ) : (
            <FirstDevice place={place} />
          )}
          {place.kind === 'organization' ? ':' : ', or publish yourself:'}
        </Text>
        <Command>
          {place.kind === 'organization'
            ? `Particle.publish("${event}", "21.5");`
            : `curl ${cloud}/v1/${path} -H "Authorization: Bearer $TOKEN" -d name=${event} -d data=21.5`}
        </Command>
      </Stack>
    </EmptyState>
  );
}

function FirstDevice({ place }: { readonly place: Place }) {
  const own = useQuery({ ...reading('listDevices'), enabled: place.kind === 'sandbox' });
  // Of other places it would be a device that triggers nothing there.
  const device = place.kind === 'sandbox' ? own.data?.[0] : undefined;
  if (device === undefined) return 'Let a device publish an event of that name';
  return (
    <>
      Wait for the next event of <strong>{device.name}</strong> (<span className="mono">{device.id}</span>)
    </>
  );
}
