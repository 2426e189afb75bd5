import { Badge, Button, Group } from '@mantine/core';
import type { Column } from '../../ui/data-table.tsx';
import { Time } from '../../ui/time.tsx';
import type { Token } from './token.ts';

export interface TokenColumns {
  /** The names of the account's own clients, by id. */
  readonly names: ReadonlyMap<string, string>;
  /** The id of this browser's token, when it is known. */
  readonly currentId: string | undefined;
  onRevoke(token: Token): void;
}

export function tokenColumns({ names, currentId, onRevoke }: TokenColumns): Column<Token>[] {
  const clientText = ({ client }: Token) =>
    client === 'console' ? 'Console (browser)' : (names.get(client) ?? client);
  return [
    {
      title: 'Client',
      cell: (one) => (
        <Group gap="xs">
          {clientText(one)}
          {one.token === currentId && <Badge variant="default">This browser</Badge>}
        </Group>
      ),
      text: clientText,
    },
    { title: 'Created', cell: (one) => <Time at={one.created_at} />, text: (one) => one.created_at },
    {
      title: 'Expires',
      cell: (one) => <Time at={one.expires_at} />,
      text: (one) => one.expires_at ?? 'never',
    },
    { title: 'Token ID', cell: ({ token }) => <span className="mono">{token}</span>, text: ({ token }) => token },
    {
      title: 'Actions',
      align: 'right',
      cell: (one) => (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => onRevoke(one)}
          aria-label={`Revoke the token ${one.token} of ${clientText(one)}`}
        >
          Revoke
        </Button>
      ),
    },
  ];
}
