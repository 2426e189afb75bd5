import type { Output } from '@cloudchamber/contract';
import { Card, SimpleGrid, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../data/query.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Time } from '../../ui/time.tsx';
import { countsByOutcome } from './counts.ts';

/** How connections of the last 24 hours ended, for operators. */
export function DoctorSummary({ live }: { readonly live: boolean }) {
  const summary = useQuery({ ...reading('summarizeConnections'), refetchInterval: live ? 30_000 : false });
  return (
    <Loaded query={summary} lines={2}>
      {(data) => <Tiles summary={data} />}
    </Loaded>
  );
}

function Tiles({ summary }: { readonly summary: Output<'summarizeConnections'> }) {
  const tiles = countsByOutcome(summary.counts);
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm" component="section" aria-label="Last 24 hours">
      {tiles.map(({ title, count, detail }) => (
        <Card key={title} withBorder padding="sm">
          <Text size="sm" c="dimmed">
            {title}, last 24 h
          </Text>
          <Text size="xl" fw={650}>
            {count.toLocaleString('en')}
          </Text>
          <Text size="xs" c="dimmed">
            {detail}
          </Text>
        </Card>
      ))}
      <Card withBorder padding="sm">
        <Text size="sm" c="dimmed">
          Not kept
        </Text>
        <Text size="xl" fw={650}>
          {summary.left_out.count.toLocaleString('en')}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          Too many at once, since the start <Time at={summary.left_out.since} />
        </Text>
      </Card>
    </SimpleGrid>
  );
}
