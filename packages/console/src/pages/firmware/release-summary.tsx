import { Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Loaded } from '../../ui/loaded.tsx';
import { ImpactText } from './impact-text.tsx';
import type { Impact, Version } from './releases.ts';

export interface ReleaseSummaryProps {
  readonly version: Version;
  /** In words; undefined while nobody is chosen. */
  readonly targets: string | undefined;
  /** Whom it is taken away from, in words. */
  readonly lost: string | undefined;
  readonly impact: UseQueryResult<Impact>;
  readonly immediate: boolean;
}

/** Version, targets and impacted devices, as people confirm them (OTA-10), and when devices get it (OTA-11). */
export function ReleaseSummary({ version, targets, lost, impact, immediate }: ReleaseSummaryProps) {
  return (
    <Paper withBorder p="md" component="section" aria-label="What the release does">
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
          <Fact name="Version">
            {version.version}: {version.title}
          </Fact>
          <Fact name="Released to">{targets ?? <Text c="dimmed">Choose the product default or a group</Text>}</Fact>
          <Fact name="Impacted devices">
            {targets === undefined ? (
              <Text c="dimmed">–</Text>
            ) : (
              <Loaded query={impact} lines={1}>
                {(data) => <ImpactText impact={data} />}
              </Loaded>
            )}
          </Fact>
          {lost !== undefined && <Fact name="No longer released to">{lost}</Fact>}
        </SimpleGrid>
        <Text size="sm" c="dimmed">
          Impacted devices get an over-the-air update as a direct result of this release.{' '}
          {immediate
            ? 'Those that are online and allow updates get it at once, the others at their next handshake.'
            : 'They do not get it immediately, but at their next handshake: when they begin a new secure session with the cloud.'}
        </Text>
      </Stack>
    </Paper>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div style={{ minWidth: 0, overflowWrap: 'anywhere' }} aria-live="polite">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      {typeof children === 'string' ? <Text>{children}</Text> : <Text component="div">{children}</Text>}
    </div>
  );
}
