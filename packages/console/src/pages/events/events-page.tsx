import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconRepeat, IconSend } from '@tabler/icons-react';
import { EventLog } from '../../components/event-log/event-log.tsx';
import { PublishEvent } from '../../components/publish-event/publish-event.tsx';
import { useCan } from '../../data/permissions.ts';
import { usePlace } from '../../data/use-place.ts';
import { Page } from '../../ui/page.tsx';
import { ReplayEvents } from './replay-events.tsx';

const ABOUT = {
  sandbox: 'Events of your devices, and what you publish.',
  product: 'Events of all devices of this product, claimed or not, and what its integrations were answered.',
  organization: 'Events of the products of this organization.',
} as const;

/** The events of the sandbox, of a product or of an organization (UI-25, UI-27, PRD-23). */
export function EventsPage() {
  const place = usePlace();
  const can = useCan(place);
  const [isPublishing, publishing] = useDisclosure();
  const [isReplaying, replaying] = useDisclosure();
  const mayPublish = place.kind !== 'organization' && can('events:send');
  return (
    <Page
      title="Events"
      about={ABOUT[place.kind]}
      actions={
        <>
          {can('integrations:update') && (
            <Button variant="default" leftSection={<IconRepeat size={16} aria-hidden />} onClick={replaying.open}>
              Replay
            </Button>
          )}
          {mayPublish && (
            <Button leftSection={<IconSend size={16} aria-hidden />} onClick={publishing.open}>
              Publish event
            </Button>
          )}
        </>
      }
    >
      <EventLog
        place={place}
        emptyActions={
          mayPublish && (
            <Button variant="default" onClick={publishing.open} style={{ alignSelf: 'center' }}>
              Publish an event from here
            </Button>
          )
        }
      />
      {place.kind !== 'organization' && <PublishEvent place={place} opened={isPublishing} onClose={publishing.close} />}
      <ReplayEvents place={place} opened={isReplaying} onClose={replaying.close} />
    </Page>
  );
}
