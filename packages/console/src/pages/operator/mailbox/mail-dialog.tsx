import type { Output } from '@cloudchamber/contract';
import { Anchor, Box, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { reading } from '../../../data/query.ts';
import { useSession } from '../../../data/session.ts';
import { Loaded } from '../../../ui/loaded.tsx';
import { useZone } from '../../../ui/time.tsx';
import { absoluteTime } from '../../../ui/time-text.ts';
import { linksIn } from './links-in.ts';

type Mail = Output<'listMails'>['mails'][number];

export interface MailDialogProps {
  readonly mail: Mail | undefined;
  onClose(): void;
}

/** A mail, as text. */
export function MailDialog({ mail, onClose }: MailDialogProps) {
  return (
    <Modal
      opened={mail !== undefined}
      onClose={onClose}
      title={mail?.subject ?? ''}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {mail !== undefined && <MailText mail={mail} />}
    </Modal>
  );
}

function MailText({ mail }: { readonly mail: Mail }) {
  const zone = useZone();
  const { publicUrl } = useSession().cloud;
  const whole = useQuery(reading('getMail', { params: { mailId: mail.id } }));
  return (
    <Stack>
      <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        To {mail.to}, {absoluteTime(Date.parse(mail.at), zone)}
      </Text>
      <Loaded query={whole}>
        {({ text }) => (
          <Box style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
            {linksIn(text, publicUrl).map(({ text: part, isLink }, at) =>
              isLink ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: parts of a text that stays as it is
                <Anchor key={at} href={part} target="_blank" rel="noreferrer" underline="always">
                  {part}
                </Anchor>
              ) : (
                part
              ),
            )}
          </Box>
        )}
      </Loaded>
    </Stack>
  );
}
