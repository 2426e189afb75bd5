import type { Output } from '@cloudchamber/contract';
import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconMail, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../../data/api.ts';
import { reading } from '../../../data/query.ts';
import { useSession } from '../../../data/session.ts';
import { useChange } from '../../../data/use-change.ts';
import { Confirm } from '../../../ui/confirm.tsx';
import { Command } from '../../../ui/copy.tsx';
import { type Column, DataTable } from '../../../ui/data-table.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Time } from '../../../ui/time.tsx';
import { PagesControl, type Paging } from '../pages-control.tsx';
import { MailDialog } from './mail-dialog.tsx';

type Mail = Output<'listMails'>['mails'][number];

const SMTP =
  'CHAMBER_SMTP_URL=smtp://user:password@mail.example.net:587 CHAMBER_MAIL_FROM=cloud@example.net npm run serve';

/** The mails that this cloud wrote while it has no SMTP. */
export function MailboxTab(paging: Paging) {
  const { mail } = useSession().cloud;
  if (mail === 'smtp') {
    return (
      <EmptyState icon={<IconMail size={40} stroke={1.5} aria-hidden />} title="Mail goes out over SMTP">
        There is no mailbox here: mails go to the people that they are for.
      </EmptyState>
    );
  }
  return <Mails {...paging} />;
}

function Mails(paging: Paging) {
  const mails = useQuery(reading('listMails', { query: { page: paging.page } }));
  const [open, setOpen] = useState<Mail>();
  const [deleted, setDeleted] = useState<Mail>();
  const remove = useChange({
    run: ({ id }: Mail) => api.call('deleteMail', { params: { mailId: id } }),
    changes: ['listMails'],
    done: () => 'The mail is deleted',
    onDone: () => setDeleted(undefined),
  });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        No mail server is set, so mails stay here and leave nowhere: read them, and pass links on by another way.
      </Text>
      <DataTable
        label="Mails"
        query={mails}
        rowsOf={(data) => data.mails}
        keyOf={({ id }) => id}
        columns={mailColumns(setOpen, setDeleted)}
        empty={<NoMails />}
      />
      <PagesControl {...paging} total={mails.data?.meta.total_pages ?? 1} />
      <MailDialog mail={open} onClose={() => setOpen(undefined)} />
      <Confirm
        opened={deleted !== undefined}
        onClose={() => setDeleted(undefined)}
        onConfirm={() => deleted !== undefined && remove.mutate(deleted)}
        title="Delete this mail?"
        action="Delete the mail"
        loading={remove.isPending}
      >
        {`"${deleted?.subject ?? ''}" for ${deleted?.to ?? ''} is gone for good.`}
      </Confirm>
    </Stack>
  );
}

function NoMails() {
  return (
    <EmptyState icon={<IconMail size={40} stroke={1.5} aria-hidden />} title="No mail yet">
      <Text c="dimmed" ta="center">
        Invitations, links to reset a password and the like would stand here. To have them sent instead, set a mail
        server and start the cloud again:
      </Text>
      <Command>{SMTP}</Command>
    </EmptyState>
  );
}

function mailColumns(onOpen: (mail: Mail) => void, onDelete: (mail: Mail) => void): readonly Column<Mail>[] {
  return [
    { title: 'When', cell: ({ at }) => <Time at={at} /> },
    {
      title: 'To',
      cell: ({ to }) => (
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {to}
        </Text>
      ),
    },
    {
      title: 'Subject',
      cell: (mail) => (
        <Button
          variant="subtle"
          size="compact-sm"
          px={4}
          mx={-4}
          h="auto"
          styles={{ label: { whiteSpace: 'normal', textAlign: 'left' } }}
          onClick={() => onOpen(mail)}
        >
          {mail.subject}
        </Button>
      ),
    },
    {
      title: 'Delete',
      align: 'right',
      cell: (mail) => (
        <Group justify="flex-end">
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={() => onDelete(mail)}
            aria-label={`Delete the mail "${mail.subject}" for ${mail.to}`}
          >
            <IconTrash size={18} aria-hidden />
          </ActionIcon>
        </Group>
      ),
    },
  ];
}
