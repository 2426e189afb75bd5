import { Badge, Button, Text } from '@mantine/core';
import type { Column } from '../../ui/data-table.tsx';
import { Link } from '../../ui/link.tsx';
import { Time } from '../../ui/time.tsx';
import { actionWords, wasRefused } from './action-words.ts';
import { ActorName, actorText } from './actor-name.tsx';
import type { AuditEntry } from './audit-read.ts';
import { paramWords } from './entry-detail.tsx';

/** What of the path is the place itself, which has its own column. */
const PLACES: readonly string[] = ['productIdOrSlug', 'orgIdOrSlug'];

/** @returns what the change was made to, such as "Device e00fce…"; empty for the place itself */
function objectText({ object }: AuditEntry): string {
  return Object.entries(object.params)
    .filter(([name]) => !PLACES.includes(name))
    .map(([name, value]) => `${paramWords(name)} ${value}`)
    .join(', ');
}

/**
 * The columns of a log: when, who, what, to what, from where, result.
 * @param hasProducts whether it is of several products, so that each entry says its own
 * @param onOpen shows all of an entry
 */
export function entryColumns(hasProducts: boolean, onOpen: (entry: AuditEntry) => void): readonly Column<AuditEntry>[] {
  const product: Column<AuditEntry> = {
    title: 'Product',
    cell: ({ product_id: id }) =>
      id === null ? (
        ''
      ) : (
        <Link to="/products/$product" params={{ product: String(id) }} size="sm">
          {id}
        </Link>
      ),
    text: ({ product_id: id }) => (id === null ? '' : String(id)),
  };
  return [
    { title: 'When', cell: ({ at }) => <Time at={at} />, text: ({ at }) => at },
    { title: 'Who', cell: ({ actor }) => <ActorName actor={actor} />, text: ({ actor }) => actorText(actor) },
    {
      title: 'What',
      cell: (entry) => (
        <Button variant="subtle" size="compact-sm" px={4} mx={-4} h="auto" onClick={() => onOpen(entry)} ta="left">
          {actionWords(entry.operation)}
        </Button>
      ),
      text: ({ operation }) => actionWords(operation),
    },
    {
      title: 'To what',
      cell: (entry) => (
        <Text size="sm" span style={{ overflowWrap: 'anywhere' }}>
          {objectText(entry)}
        </Text>
      ),
      text: objectText,
    },
    ...(hasProducts ? [product] : []),
    {
      title: 'From',
      cell: ({ address }) => (
        <Text size="sm" span className="mono">
          {address ?? ''}
        </Text>
      ),
      text: ({ address }) => address ?? '',
    },
    {
      title: 'Result',
      cell: ({ operation }) => (
        <Badge variant={wasRefused(operation) ? 'light' : 'default'} color="red" tt="none">
          {wasRefused(operation) ? 'Refused' : 'Done'}
        </Badge>
      ),
      text: ({ operation }) => (wasRefused(operation) ? 'Refused' : 'Done'),
    },
  ];
}
