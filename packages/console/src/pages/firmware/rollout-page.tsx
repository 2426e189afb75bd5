import { Alert, Grid, Paper, Stack, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { reading } from '../../data/query.ts';
import { Link } from '../../ui/link.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Page } from '../../ui/page.tsx';
import { RolloutActions } from './rollout-actions.tsx';
import { RolloutDevices } from './rollout-devices.tsx';
import { RolloutFacts } from './rollout-facts.tsx';
import { RolloutProgress } from './rollout-progress.tsx';
import { RolloutSteps } from './rollout-steps.tsx';
import { RolloutTimeline } from './rollout-timeline.tsx';
import { RunningText } from './running-text.tsx';
import { useFirmwareChanges } from './use-firmware-changes.ts';

/** Devices succeed without a word on the stream of firmware, so that a rollout that runs is read anew. */
const LOOK_AGAIN_MS = 2000;

/** A rollout: how far it is, what can be done about it, its devices and what happened. */
export function RolloutPage() {
  const { product = '', rolloutId = '' } = useParams({ strict: false });
  useFirmwareChanges(product);
  const query = useQuery({
    ...reading('getRollout', { params: { productIdOrSlug: product, rolloutId } }),
    refetchInterval: ({ state }) => (state.data?.rollout.state === 'running' ? LOOK_AGAIN_MS : false),
  });
  const rollout = query.data?.rollout;
  return (
    <Page
      title={rollout === undefined ? 'Rollout' : `Rollout of version ${rollout.version}`}
      about={
        <Link inherit to="/products/$product/firmware" params={{ product }} search={{ tab: 'rollouts' }}>
          All rollouts
        </Link>
      }
      actions={rollout !== undefined && <RolloutActions product={product} rollout={rollout} />}
    >
      <Loaded query={query} lines={8}>
        {({ rollout: found }) => (
          <Stack gap="lg">
            {found.state === 'halted' && (
              <Alert color="red" variant="outline" title="Halted" role="status">
                {found.message}. No device is sent the version until somebody resumes the rollout, or ends it.
              </Alert>
            )}
            <Paper withBorder p="md">
              <Stack>
                <RunningText rollout={found} />
                <RolloutProgress counts={found} label={`Devices of the rollout of version ${found.version}`} />
              </Stack>
            </Paper>
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, lg: 8 }}>
                <Stack gap="lg">
                  <section>
                    <Title order={2} size="h4" mb="sm">
                      Steps
                    </Title>
                    <RolloutSteps rollout={found} />
                  </section>
                  <section>
                    <Title order={2} size="h4" mb="sm">
                      Devices
                    </Title>
                    <RolloutDevices product={product} rollout={found} />
                  </section>
                </Stack>
              </Grid.Col>
              <Grid.Col span={{ base: 12, lg: 4 }}>
                <Stack gap="lg">
                  <section>
                    <Title order={2} size="h4" mb="sm">
                      Settings
                    </Title>
                    <RolloutFacts rollout={found} />
                  </section>
                  <section>
                    <Title order={2} size="h4" mb="sm">
                      Timeline
                    </Title>
                    <RolloutTimeline product={product} rollout={found} />
                  </section>
                </Stack>
              </Grid.Col>
            </Grid>
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
