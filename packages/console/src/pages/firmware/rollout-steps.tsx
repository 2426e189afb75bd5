import { Badge, Group, Stack, Text } from '@mantine/core';
import { Rows } from '../../ui/data-table.tsx';
import { RolloutProgress } from './rollout-progress.tsx';
import { type Rollout, type RolloutStepShown, reached, reachText } from './rollouts.ts';

const STEP_STATES: Readonly<Record<RolloutStepShown['state'], string>> = {
  to_come: 'To come',
  choosing: 'Choosing devices',
  running: 'Running',
  done: 'Done',
};

interface NumberedStep extends RolloutStepShown {
  readonly number: number;
}

/** The steps of a rollout with their devices. */
export function RolloutSteps({ rollout }: { readonly rollout: Rollout }) {
  return (
    <Rows<NumberedStep>
      label="Steps"
      rows={rollout.steps.map((step, index) => ({ ...step, number: index + 1 }))}
      keyOf={({ number }) => String(number)}
      columns={[
        {
          title: 'Step',
          cell: (step) => (
            <Group gap="xs" wrap="nowrap">
              <Text fw={600}>{step.number}</Text>
              <Text size="sm">{reachText(step)}</Text>
            </Group>
          ),
        },
        { title: 'State', cell: ({ state }) => <StepState state={state} /> },
        {
          title: 'Devices',
          cell: (step) =>
            reached(step) === 0 ? (
              <Text size="sm" c="dimmed">
                {step.state === 'done' ? 'No further device' : '–'}
              </Text>
            ) : (
              <Stack gap={4} miw={140}>
                <RolloutProgress counts={step} label={`Devices of step ${step.number}`} withLegend={false} />
                <Text size="xs" c="dimmed">
                  {countsText(step)}
                </Text>
              </Stack>
            ),
        },
        {
          title: 'Decided',
          align: 'right',
          cell: (step) => (reached(step) === 0 ? '–' : `${step.percent_decided} %`),
        },
      ]}
    />
  );
}

function StepState({ state }: Pick<RolloutStepShown, 'state'>) {
  if (state === 'done') {
    return (
      <Badge variant="light" color="teal" miw="max-content">
        {STEP_STATES[state]}
      </Badge>
    );
  }
  return (
    <Badge variant={state === 'to_come' ? 'default' : 'light'} miw="max-content">
      {STEP_STATES[state]}
    </Badge>
  );
}

function countsText({ succeeded, failed, left, offered }: RolloutStepShown): string {
  return [
    `${succeeded} succeeded`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(left > 0 ? [`${left} left out`] : []),
    ...(offered > 0 ? [`${offered} under way or waiting`] : []),
  ].join(', ');
}
