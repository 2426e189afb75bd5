import { Button, Stack, Text } from '@mantine/core';
import { IconActivity } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Place, pathOfPlace } from '../../data/place.ts';
import { Command } from '../../ui/copy.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { Skeletons } from '../../ui/loaded.tsx';

export interface EmptyLogProps {
  readonly place: Place;
  readonly isOneDevice: boolean;
  readonly isFiltered: boolean;
  /** Events that are here and that the filter hides. */
  readonly hidden: number;
  readonly isLive: boolean;
  readonly isReading: boolean;
  onUnfilter(): void;
  readonly children?: ReactNode;
}

/** Stands where the log shows no event: why, and how events come about. */
export function EmptyLog(props: EmptyLogProps) {
  const { place, isOneDevice, isFiltered, hidden, isLive, isReading, onUnfilter, children } = props;
  if (isReading) return <Skeletons lines={6} />;
  if (isFiltered) {
    return (
      <EmptyState title="No event fits the filter">
        <Text c="dimmed" ta="center">
          {hidden === 0 ? 'None has come yet.' : `${hidden.toLocaleString('en')} that are here don’t fit.`}
        </Text>
        <Button variant="default" onClick={onUnfilter}>
          Empty the filter
        </Button>
      </EmptyState>
    );
  }
  if (!isLive) return <EmptyState title="No events in this span">Choose other times, or a longer span.</EmptyState>;
  return (
    <EmptyState icon={<IconActivity size={36} aria-hidden />} title="Waiting for events">
      <Stack gap="xs" w="100%" px="md">
        <Text c="dimmed" ta="center" size="sm">
          Events show up here as they come in. Earlier ones are in the log: choose “Last hour”, or “Earlier events”
          below. A device publishes one so:
        </Text>
        <Command>{'Particle.publish("status", "ok");'}</Command>
        {!isOneDevice && place.kind !== 'organization' && (
          <>
            <Text c="dimmed" ta="center" size="sm">
              Programs do it with a token of yours:
            </Text>
            <Command>{publishCommand(place)}</Command>
          </>
        )}
        {children}
      </Stack>
    </EmptyState>
  );
}

function publishCommand(place: Place): string {
  const path = place.kind === 'sandbox' ? '/v1/devices/events' : `/v1${pathOfPlace(place)}/events`;
  return `curl "${location.origin}${path}" -H "Authorization: Bearer $TOKEN" -d name=status -d data=ok`;
}
