import { Code, Modal, Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { IdText } from '../../ui/id-text.tsx';
import { useZone } from '../../ui/time.tsx';
import { absoluteTime } from '../../ui/time-text.ts';
import { actionWords, wasRefused } from './action-words.ts';
import { ActorName } from './actor-name.tsx';
import type { AuditEntry } from './audit-read.ts';

export interface EntryDetailProps {
  readonly entry: AuditEntry | null;
  onClose(): void;
}

/** Everything that the log knows of one change. */
export function EntryDetail({ entry, onClose }: EntryDetailProps) {
  return (
    <Modal
      opened={entry !== null}
      onClose={onClose}
      title={entry === null ? '' : actionWords(entry.operation)}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {entry !== null && <Facts entry={entry} />}
    </Modal>
  );
}

function Facts({ entry }: { readonly entry: AuditEntry }) {
  const zone = useZone();
  const { params, fields } = entry.object;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['When', absoluteTime(Date.parse(entry.at), zone)],
    ['Who', <ActorName key="who" actor={entry.actor} />],
    ['From', entry.address ?? 'not shown: somebody else did it'],
    ['Result', wasRefused(entry.operation) ? 'Refused' : 'Done'],
    ['Operation', <Code key="operation">{entry.operation}</Code>],
    ...Object.entries(params).map(([name, value]) => [paramWords(name), value] as const),
    ['Fields that were sent', fields.length === 0 ? 'none' : fields.join(', ')],
    ...(entry.product_id === null ? [] : [['Product', String(entry.product_id)] as const]),
    ...(entry.organization_id === null ? [] : [['Organization', entry.organization_id] as const]),
    ['Request', <IdText key="request" id={entry.request_id} what="request id" />],
  ];
  return (
    <>
      <Table layout="fixed" verticalSpacing={6} aria-label="The entry">
        <Table.Tbody>
          {facts.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Th w="38%">{name}</Table.Th>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Text size="sm" c="dimmed" mt="sm">
        Values are never kept. By the request’s id whoever runs this cloud finds it in the server’s log.
      </Text>
    </>
  );
}

const PARAMS: Readonly<Record<string, string>> = {
  productIdOrSlug: 'Product in the path',
  orgIdOrSlug: 'Organization in the path',
  deviceId: 'Device',
  username: 'Team member',
  email: 'Customer',
  groupName: 'Group',
  integrationId: 'Integration',
  clientId: 'OAuth client',
  rolloutId: 'Rollout',
  version: 'Firmware version',
};

/** @returns what a part of a path names, in words */
export function paramWords(name: string): string {
  return PARAMS[name] ?? name;
}
