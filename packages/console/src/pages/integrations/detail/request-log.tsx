import { Accordion, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { Command } from '../../../ui/copy.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Time } from '../../../ui/time.tsx';
import { Section } from '../editor/section.tsx';
import type { IntegrationDetails } from '../integration-operations.ts';
import { ResultBadge } from '../integrations-table.tsx';
import { isObject } from '../settings/settings.ts';
import { Block, HttpMessage } from './http-message.tsx';
import { parseHttpText, prettyJson } from './http-text.ts';

type Log = IntegrationDetails['logs'][number];

interface RequestLogProps {
  readonly logs: readonly Log[];
  /** What publishes an event that triggers it. */
  readonly command: string;
  /** Stands before the command, such as how the stream is doing. */
  readonly waiting: string;
}

/** The most recent requests and responses, each with the event that triggered it (UI-24). */
export function RequestLog({ logs, command, waiting }: RequestLogProps) {
  return (
    <Section
      title="Latest requests"
      about="The last ten that were sent and the last ten that failed, with the event that triggered each. Secrets are masked."
    >
      {logs.length === 0 ? (
        <EmptyState title="No request yet">
          <Text c="dimmed" ta="center">
            {waiting} To trigger it yourself:
          </Text>
          <Command>{command}</Command>
        </EmptyState>
      ) : (
        <Accordion variant="contained" order={3} chevronPosition="left">
          {keyed(logs).map(([key, log]) => (
            <Accordion.Item key={key} value={key}>
              <Accordion.Control>
                <Summary log={log} />
              </Accordion.Control>
              <Accordion.Panel>
                <Details log={log} />
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      )}
    </Section>
  );
}

/** Several may end in one millisecond; those that came before keep their keys when new ones come. */
function keyed(logs: readonly Log[]): readonly (readonly [string, Log])[] {
  const seen = new Map<string, number>();
  return logs
    .toReversed()
    .map((log): readonly [string, Log] => {
      const base = `${log.time} ${log.type}`;
      const count = seen.get(base) ?? 0;
      seen.set(base, count + 1);
      return [`${base} ${count}`, log];
    })
    .toReversed();
}

interface LoggedEvent {
  readonly name: string;
  readonly data: string | null;
  readonly device: string;
  readonly publishedAt: string | undefined;
}

function eventOf({ event }: Log): LoggedEvent {
  const fields = isObject(event) ? event : {};
  const { name, data, coreid, published_at: at } = fields;
  return {
    name: String(name ?? ''),
    data: typeof data === 'string' ? data : null,
    device: String(coreid ?? ''),
    publishedAt: typeof at === 'string' ? at : undefined,
  };
}

function Summary({ log }: { readonly log: Log }) {
  const { name, device } = eventOf(log);
  const { start, body } = parseHttpText(log.response);
  const status = start === undefined ? body : start.replace('HTTP/1.1 ', '');
  return (
    <Group gap="xs" wrap="wrap">
      <ResultBadge ok={log.type === 'success'} />
      <Text size="sm" fw={600} className="mono">
        {name}
      </Text>
      <Text size="sm" c="dimmed" className="mono" visibleFrom="sm">
        {device}
      </Text>
      <Text size="sm" lineClamp={1} style={{ flex: '1 1 110px', overflowWrap: 'anywhere' }}>
        {status}
      </Text>
      <Text size="sm" c="dimmed" component="div">
        <Time at={log.time} />
      </Text>
    </Group>
  );
}

function Details({ log }: { readonly log: Log }) {
  const { name, data, device, publishedAt } = eventOf(log);
  const after = publishedAt === undefined ? undefined : Date.parse(log.time) - Date.parse(publishedAt);
  return (
    <Stack gap="md">
      <Stack gap={6} role="group" aria-label="Event">
        <Text size="sm" fw={600}>
          Event
        </Text>
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <span className="mono">{name}</span> of <span className="mono">{device}</span>, published{' '}
          <Time at={publishedAt} never="at an unknown time" />
          {after !== undefined && after >= 0 && `; the request had ended ${(after / 1000).toFixed(1)} s later`}
        </Text>
        {data === null ? (
          <Text size="sm" c="dimmed">
            No data
          </Text>
        ) : (
          <Block text={prettyJson(data) ?? data} label="Data of the event" />
        )}
      </Stack>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <HttpMessage title="Request" text={log.request} />
        <HttpMessage title="Response" text={log.response} />
      </SimpleGrid>
    </Stack>
  );
}
