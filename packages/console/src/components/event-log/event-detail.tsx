import { ActionIcon, Badge, Button, Group, Stack, Title } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type Ref, useState } from 'react';
import { type Place, pageOf } from '../../data/place.ts';
import { CopyIcon } from '../../ui/copy.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { Link } from '../../ui/link.tsx';
import { useZone } from '../../ui/time.tsx';
import { KINDS } from './event-kind-icon.tsx';
import classes from './event-log.module.css';
import { eventTime } from './event-time.ts';
import { isDeviceId, kindOf, type LogEvent } from './log-event.ts';
import { prettyJson } from './pretty-json.ts';
import { publisherText } from './publisher-text.ts';
import type { DeviceNames } from './use-device-names.ts';

export interface EventDetailProps {
  readonly ref: Ref<HTMLElement>;
  readonly event: LogEvent;
  readonly place: Place;
  readonly names: DeviceNames;
  readonly isOneDevice: boolean;
  onClose(): void;
  /** Puts a modifier into the filter. */
  onFilter(modifier: 'device' | 'event', value: string): void;
}

/** One event whole (UI-06, 17 to 19). */
export function EventDetail({ ref, event, place, names, isOneDevice, onClose, onFilter }: EventDetailProps) {
  const zone = useZone();
  const { label } = KINDS[kindOf(event)];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it
    <section ref={ref} className={classes.detail} aria-label={`Event ${event.name}`} tabIndex={0}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Stack gap={4} style={{ minWidth: 0 }}>
            <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
              {event.name}
            </Title>
            <Badge variant="default" tt="none" fw={500}>
              {label}
            </Badge>
          </Stack>
          <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label="Close the details">
            <IconX size={18} aria-hidden />
          </ActionIcon>
        </Group>
        <EventData data={event.data} />
        <dl className={classes.facts}>
          {isDeviceId(event.publisher) ? (
            <>
              <dt>Device</dt>
              <dd>
                {place.kind === 'organization' || isOneDevice ? null : (
                  <Link size="sm" to={pageOf(place, `/devices/${event.publisher}`)}>
                    {publisherText(event.publisher, names)}
                  </Link>
                )}
                <IdText id={event.publisher} what="device ID" />
              </dd>
            </>
          ) : (
            <>
              <dt>Publisher</dt>
              <dd>{publisherText(event.publisher, names)}</dd>
            </>
          )}
          <dt>Published at</dt>
          <dd>
            {eventTime(event.at, zone)} {zone === 'utc' ? 'UTC' : ''}
          </dd>
          <dt>TTL</dt>
          <dd>{event.ttl} s</dd>
          <dt>Event ID</dt>
          <dd>
            <IdText id={String(event.id)} what="event ID" />
          </dd>
        </dl>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => onFilter('event', event.name)}>
            Only this name
          </Button>
          {isDeviceId(event.publisher) && !isOneDevice && (
            <Button size="compact-sm" variant="default" onClick={() => onFilter('device', event.publisher)}>
              Only this device
            </Button>
          )}
        </Group>
      </Stack>
    </section>
  );
}

function EventData({ data }: { readonly data: string | null }) {
  const [isRaw, setRaw] = useState(false);
  const pretty = data === null ? undefined : prettyJson(data);
  return (
    <Stack gap={6}>
      <Group justify="space-between" h={28}>
        <Title order={3} size="h6">
          Data
        </Title>
        <Group gap={4}>
          {pretty !== undefined && (
            <Button size="compact-xs" variant="default" aria-pressed={isRaw} onClick={() => setRaw(!isRaw)}>
              {isRaw ? 'PRETTY' : 'RAW'}
            </Button>
          )}
          {data !== null && <CopyIcon value={data} what="data" />}
        </Group>
      </Group>
      <pre className={classes.json}>{data === null ? 'no data' : isRaw ? data : (pretty ?? data)}</pre>
    </Stack>
  );
}
