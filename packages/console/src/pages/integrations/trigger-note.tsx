import { Alert, List, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type Place, pageOf } from '../../data/place.ts';
import { reading } from '../../data/query.ts';
import { Link } from '../../ui/link.tsx';
import type { DoubleTrigger, Trigger } from './double-triggers.ts';

interface FiresForProps {
  readonly place: Place;
  /** What fires: `They fire` when left out. */
  readonly what?: string;
}

/** Which devices trigger the integrations of a place (INT-01, INT-02). */
export function FiresFor({ place, what = 'They fire' }: FiresForProps) {
  if (place.kind === 'product') {
    return `${what} for every device of this product, also development devices and unclaimed ones, not for those in quarantine.`;
  }
  if (place.kind === 'organization') {
    return `${what} for the devices of all products of this organization, or of those that you choose.`;
  }
  return <FiresForOwn what={what} />;
}

function FiresForOwn({ what }: { readonly what: string }) {
  const devices = useQuery(reading('listDevices'));
  const names = (devices.data ?? []).slice(0, 3).map(({ id, name }) => name ?? id);
  const more = (devices.data?.length ?? 0) - names.length;
  const list = names.length === 0 ? '' : `, such as ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  return `${what} for the devices that are claimed to your account${list}, and for what you publish over the API.`;
}

interface DoubleTriggersProps {
  /** Of the integrations that are shown, by id. */
  readonly found: ReadonlyMap<string, readonly DoubleTrigger[]>;
  readonly integrations: readonly Trigger[];
}

/** Warns of integrations elsewhere that fire for the same events. */
export function DoubleTriggers({ found, integrations }: DoubleTriggersProps) {
  if (found.size === 0) return null;
  return (
    <Alert color="yellow" variant="outline" icon={<IconAlertTriangle aria-hidden />} title="Both fire">
      <Text size="sm">
        An event of one device can trigger integrations of two places. Delete or disable what is too much.
      </Text>
      <List size="sm" mt="xs">
        {integrations.flatMap((mine) =>
          (found.get(mine.id) ?? []).map(({ place, label, other }) => (
            <List.Item key={`${mine.id} ${other.id}`} style={{ overflowWrap: 'anywhere' }}>
              {mine.name} and{' '}
              <Link to={pageOf(place, `/integrations/${other.id}`)} inherit>
                {other.name}
              </Link>{' '}
              in {label}, for events that begin with{' '}
              <span className="mono">{mine.event.length > other.event.length ? mine.event : other.event}</span>
            </List.Item>
          )),
        )}
      </List>
    </Alert>
  );
}
