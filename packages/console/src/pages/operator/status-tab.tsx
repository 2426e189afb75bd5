import { Anchor, Badge, Code, Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useSession } from '../../data/session.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type Check, readinessQuery } from './readiness.ts';

/** Whether the cloud is well, what it is, and where the rest is. */
export function StatusTab() {
  const checks = useQuery(readinessQuery);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }}>
      <Stack>
        <Panel title="Checks" about="Read anew every 15 s.">
          <Loaded query={checks}>{(list) => <Checks checks={list} />}</Loaded>
        </Panel>
        <Panel title="More">
          <Stack gap="xs">
            <Where href="/v1/docs" about="Every operation of the REST API, to try in the browser" />
            <Where href="/v1/openapi.json" about="The same for programs" />
            <Where href="/metrics" about="Figures for Prometheus" />
            <Where href="/readyz" about="The checks, for load balancers" />
          </Stack>
        </Panel>
      </Stack>
      <CloudFacts />
    </SimpleGrid>
  );
}

function Checks({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <Facts
      label="Checks"
      facts={checks.map(([name, result]) => [
        name,
        <Badge
          key={name}
          variant="light"
          color={result === 'ok' ? 'teal' : 'red'}
          leftSection={
            result === 'ok' ? <IconCheck size={14} aria-hidden /> : <IconAlertTriangle size={14} aria-hidden />
          }
          tt="none"
        >
          {result === 'ok' ? 'OK' : result}
        </Badge>,
      ])}
    />
  );
}

function CloudFacts() {
  const { cloud } = useSession();
  const port = (number: number | null) => (number === null ? 'off' : String(number));
  return (
    <Panel title="This cloud">
      <Facts
        label="This cloud"
        facts={[
          ['Version', cloud.version],
          ['Address for people', <Code key="url">{cloud.publicUrl}</Code>],
          ['Host for devices', <Code key="host">{cloud.deviceHost}</Code>],
          ['DTLS, UDP port', port(cloud.udpPort)],
          ['AES, TCP port', port(cloud.tcpPort)],
          ['Accounts are made by', SIGNUP[cloud.signup]],
          ['Organizations are made by', cloud.organizations === 'open' ? 'everybody' : 'operators'],
          ['Mail', cloud.mail === 'smtp' ? 'goes out over SMTP' : 'stays in the mailbox here'],
        ]}
      />
    </Panel>
  );
}

const SIGNUP = { open: 'everybody', invite: 'those who are invited', closed: 'operators' } as const;

interface FactsProps {
  readonly label: string;
  readonly facts: readonly (readonly [string, ReactNode])[];
}

function Facts({ label, facts }: FactsProps) {
  return (
    <Table layout="fixed" verticalSpacing={6} aria-label={label}>
      <Table.Tbody>
        {facts.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w="45%" scope="row" fw={500}>
              {name}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Where({ href, about }: { readonly href: string; readonly about: string }) {
  return (
    <Group gap="xs">
      <Anchor href={href} target="_blank" rel="noreferrer" underline="always">
        {href}
      </Anchor>
      <Text size="sm" c="dimmed">
        {about}
      </Text>
    </Group>
  );
}
