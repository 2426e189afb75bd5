import { Badge, Group, Progress, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../../data/query.ts';
import { Link, LinkButton } from '../../../ui/link.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { counted, type Fleet, type OfProduct, percentOf } from './fleet.ts';

const MOST_SHOWN = 8;

export interface VersionsPanelProps extends OfProduct {
  readonly fleet: Fleet;
}

/** Which firmware runs on how many devices (PRD-24). */
export function VersionsPanel({ product, fleet }: VersionsPanelProps) {
  const firmware = useQuery(reading('listProductFirmware', { params: { productIdOrSlug: product } }));
  const released = firmware.data?.find((one) => one.product_default)?.version;
  const { versions, devices } = fleet;
  const rest = versions.slice(MOST_SHOWN);
  return (
    <Panel
      title="Which firmware is running on each device?"
      action={
        <LinkButton to="/products/$product/firmware" params={{ product }} variant="default" size="compact-sm">
          Firmware
        </LinkButton>
      }
    >
      {versions.length === 0 && <Text c="dimmed">There are no devices yet.</Text>}
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {versions.slice(0, MOST_SHOWN).map(({ version, count }) => (
          <li key={version ?? 'none'}>
            <Group justify="space-between" gap="xs" mb={4}>
              <Group gap="xs">
                <Link
                  to="/products/$product/devices"
                  params={{ product }}
                  search={{ version: version ?? 'none' }}
                  size="sm"
                >
                  {version === null ? 'No firmware of this product' : `Version ${version}`}
                </Link>
                {version !== null && version === released && (
                  <Badge variant="light" size="sm" tt="none">
                    Released to all
                  </Badge>
                )}
              </Group>
              <Text size="sm">
                {counted(count, 'device')} · {percentOf(count, devices.total)} %
              </Text>
            </Group>
            <Progress
              value={percentOf(count, devices.total)}
              color={version === null ? 'gray.6' : 'blue'}
              aria-hidden
            />
          </li>
        ))}
      </Stack>
      {rest.length > 0 && (
        <Text size="sm" c="dimmed">
          {counted(rest.length, 'more version')} on{' '}
          {counted(
            rest.reduce((sum, { count }) => sum + count, 0),
            'device',
          )}
        </Text>
      )}
    </Panel>
  );
}
