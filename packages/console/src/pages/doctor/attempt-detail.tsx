import { Drawer, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Command } from '../../ui/copy.tsx';
import { IdText } from '../../ui/id-text.tsx';
import { useZone } from '../../ui/time.tsx';
import { absoluteTime } from '../../ui/time-text.ts';
import { ApproveKey } from './approve-key.tsx';
import type { Attempt, DoctorView } from './attempt-read.ts';
import { placeText, REASON_WORDS, transportText } from './attempt-words.ts';
import { KeyCompared } from './key-comparison.tsx';
import { OutcomeBadge } from './outcome-badge.tsx';
import { StageList } from './stage-steps.tsx';

export interface AttemptDetailProps {
  readonly view: DoctorView;
  readonly attempt: Attempt | undefined;
  onClose(): void;
}

/** Everything that is known of one attempt: why it ended, what to do, how far it came, the keys. */
export function AttemptDetail({ view, attempt, onClose }: AttemptDetailProps) {
  return (
    <Drawer
      opened={attempt !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={<Text fw={600}>Attempt to connect</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {attempt !== undefined && <Detail view={view} attempt={attempt} />}
    </Drawer>
  );
}

function Detail({ view, attempt }: { readonly view: DoctorView; readonly attempt: Attempt }) {
  const { outcome, reason, next_step: next } = attempt;
  return (
    <Stack gap="lg">
      <Group gap="xs" wrap="wrap">
        <OutcomeBadge outcome={outcome} />
        <Text fw={600}>{reason === null ? 'Nothing is wrong' : REASON_WORDS[reason]}</Text>
      </Group>
      {next !== null && (
        <Part title="Next step">
          <Text size="sm">{next.text}</Text>
          {next.command !== null && <Command>{next.command}</Command>}
          {attempt.can_approve && (
            <Group>
              <ApproveKey view={view} attempt={attempt} />
            </Group>
          )}
        </Part>
      )}
      <Part title="How far it came">
        <StageList attempt={attempt} />
      </Part>
      <Part title="Keys">
        <KeyCompared attempt={attempt} />
      </Part>
      <Part title="Who and when">
        <Facts attempt={attempt} />
      </Part>
    </Stack>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack gap="xs" component="section">
      <Title order={3} size="h5">
        {title}
      </Title>
      {children}
    </Stack>
  );
}

function Facts({ attempt }: { readonly attempt: Attempt }) {
  const zone = useZone();
  const time = (at: string) => absoluteTime(Date.parse(at), zone);
  const { device_id: id, device_name: name, outcome } = attempt;
  const isProved = outcome === 'admitted' || outcome === 'resumed';
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Device', name ?? 'Not registered here'],
    ['Device ID', id === null ? 'It never said one' : <IdText key="id" id={id} what="device ID" />],
    ...(id === null || isProved ? [] : [['Is it that device?', 'Only its key would prove it'] as const]),
    ['Transport', transportText(attempt.transport)],
    ['From', <IdText key="from" id={placeText(attempt)} what="address" />],
    ...(attempt.count === 1 ? [] : [['First', time(attempt.first_at)] as const]),
    [attempt.count === 1 ? 'When' : 'Last', time(attempt.last_at)],
    ['How often', attempt.count === 1 ? 'Once' : `${attempt.count} times`],
    ['Attempt', String(attempt.id)],
  ];
  return (
    <Table layout="fixed" verticalSpacing={6} aria-label="Who and when">
      <Table.Tbody>
        {facts.map(([title, value]) => (
          <Table.Tr key={title}>
            <Table.Th w="34%" scope="row">
              {title}
            </Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
