import { Box, Button, Group, Text } from '@mantine/core';
import { CopyIcon } from '../../ui/copy.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { Link } from '../../ui/link.tsx';
import { Time } from '../../ui/time.tsx';
import type { Attempt, DoctorView } from './attempt-read.ts';
import { OUTCOME_WORDS, placeText, REASON_WORDS, stageText, transportText } from './attempt-words.ts';
import { OutcomeBadge } from './outcome-badge.tsx';
import { StageReached } from './stage-steps.tsx';

export interface AttemptColumnsOptions {
  readonly view: DoctorView;
  /** Devices that have a page for this person. */
  readonly ownIds: ReadonlySet<string>;
  /** Shows all of an attempt. */
  onOpen(attempt: Attempt): void;
}

const reasonText = ({ reason }: Attempt): string => (reason === null ? '' : REASON_WORDS[reason]);

/** What the CSV has beside the columns of the list. */
export const CSV_COLUMNS: readonly Column<Attempt>[] = [
  { title: 'First', cell: () => null, text: (attempt) => attempt.first_at },
  { title: 'Count', cell: () => null, text: ({ count }) => String(count) },
  { title: 'Name', cell: () => null, text: (attempt) => attempt.device_name ?? '' },
  { title: 'Transport', cell: () => null, text: ({ transport }) => transportText(transport) },
  { title: 'Key shown', cell: () => null, text: (attempt) => attempt.key_fingerprint ?? '' },
  { title: 'Key registered', cell: () => null, text: (attempt) => attempt.registered_fingerprint ?? '' },
  { title: 'Next step', cell: () => null, text: (attempt) => attempt.next_step?.text ?? '' },
  { title: 'Command', cell: () => null, text: (attempt) => attempt.next_step?.command ?? '' },
];

/** The columns of the list. */
export function attemptColumns({ view, ownIds, onOpen }: AttemptColumnsOptions): readonly Column<Attempt>[] {
  return [
    { title: 'When', cell: (attempt) => <When attempt={attempt} />, text: (attempt) => attempt.last_at },
    {
      title: 'Device',
      cell: (attempt) => <DeviceCell attempt={attempt} view={view} ownIds={ownIds} />,
      text: (attempt) => attempt.device_id ?? '',
    },
    {
      title: 'From',
      cell: (attempt) => (
        <Box miw={130}>
          <Text size="sm" className="mono">
            {placeText(attempt)}
          </Text>
          <Text size="xs" c="dimmed">
            {transportText(attempt.transport)}
          </Text>
        </Box>
      ),
      text: placeText,
    },
    {
      title: 'Reached',
      cell: (attempt) => <StageReached attempt={attempt} />,
      text: ({ stage }) => stageText(stage),
    },
    {
      title: 'Outcome',
      cell: ({ outcome }) => <OutcomeBadge outcome={outcome} />,
      text: ({ outcome }) => OUTCOME_WORDS[outcome],
    },
    {
      title: 'Why, and what to do',
      cell: (attempt) => <NextStep attempt={attempt} />,
      text: reasonText,
    },
    {
      title: 'Details',
      cell: (attempt) => (
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => onOpen(attempt)}
          aria-label={`Details of the attempt of ${attempt.device_name ?? attempt.device_id ?? placeText(attempt)}`}
        >
          Details
        </Button>
      ),
    },
  ];
}

function When({ attempt: { first_at: first, last_at: last, count } }: { readonly attempt: Attempt }) {
  return (
    <Box miw={110}>
      <Text size="sm" component="div">
        <Time at={last} />
      </Text>
      {count > 1 && (
        <Text size="xs" c="dimmed" component="div">
          {count} times, first <Time at={first} />
        </Text>
      )}
    </Box>
  );
}

interface DeviceCellProps extends Pick<AttemptColumnsOptions, 'view' | 'ownIds'> {
  readonly attempt: Attempt;
}

function DeviceCell({ attempt: { device_id: id, device_name: name }, view, ownIds }: DeviceCellProps) {
  if (id === null) {
    return (
      <Text size="sm" c="dimmed">
        Never said its id
      </Text>
    );
  }
  return (
    <Box miw={150}>
      {name === null ? (
        <Text size="sm">Not registered</Text>
      ) : view.of === 'product' ? (
        <Link to="/products/$product/devices/$deviceId" params={{ product: view.product, deviceId: id }} size="sm">
          {name}
        </Link>
      ) : ownIds.has(id) ? (
        <Link to="/devices/$deviceId" params={{ deviceId: id }} size="sm">
          {name}
        </Link>
      ) : (
        <Text size="sm">{name}</Text>
      )}
      <Text size="xs" c="dimmed" className="mono" style={{ whiteSpace: 'nowrap' }}>
        {id}
      </Text>
    </Box>
  );
}

function NextStep({ attempt }: { readonly attempt: Attempt }) {
  const { next_step: next } = attempt;
  if (next === null) {
    return (
      <Text size="sm" c="dimmed">
        Nothing is wrong
      </Text>
    );
  }
  return (
    <Group wrap="nowrap" gap={4} align="flex-start" miw={240} maw={460}>
      <Box style={{ flex: 1 }}>
        <Text size="sm" fw={600}>
          {reasonText(attempt)}
        </Text>
        <Text size="sm" c="dimmed" lineClamp={2}>
          {next.text}
        </Text>
      </Box>
      {next.command !== null && <CopyIcon value={next.command} what="command of the next step" />}
    </Group>
  );
}
