import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { Column } from '../../ui/data-table.tsx';
import { downloadCsv } from '../../ui/download-csv.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { matching, targetsOf, targetsText, type Version } from './releases.ts';
import type { Rollout } from './rollouts.ts';
import { type OpenDialog, VersionDialogs } from './version-dialogs.tsx';
import { VersionRow } from './version-row.tsx';
import classes from './versions.module.css';

export interface VersionsTabProps {
  readonly product: string;
  /** Archived ones too. */
  readonly versions: readonly Version[];
  readonly rollouts: readonly Rollout[];
}

/** More are shown when somebody asks for them. */
const AT_ONCE = 50;

const COLUMNS: readonly Column<Version>[] = [
  ['Version', ({ version }: Version) => String(version)] as const,
  ['Title', ({ title }: Version) => title] as const,
  ['Description', ({ description }: Version) => description] as const,
  ['File', ({ name }: Version) => name] as const,
  ['Bytes', ({ size }: Version) => String(size)] as const,
  ['Released to', (version: Version) => targetsText(targetsOf(version)) ?? ''] as const,
  ['Devices', ({ device_count }: Version) => String(device_count)] as const,
  ['Uploaded on', ({ uploaded_on }: Version) => uploaded_on] as const,
  ['Uploaded by', ({ uploaded_by }: Version) => uploaded_by.username ?? ''] as const,
  ['First run', ({ first_run_at }: Version) => first_run_at ?? ''] as const,
  ['First released', ({ first_released_at }: Version) => first_released_at ?? ''] as const,
  ['Archived', ({ archived }: Version) => (archived ? 'yes' : 'no')] as const,
].map(([title, text]) => ({ title, text, cell: text }));

/** The versions of the firmware, the newest first. */
export function VersionsTab({ product, versions, rollouts }: VersionsTabProps) {
  const { q, archived } = useSearch({ from: '/inside/products/$product/firmware' });
  const navigate = useNavigate({ from: '/products/$product/firmware' });
  const [shown, setShown] = useState(AT_ONCE);
  const [dialog, setDialog] = useState<OpenDialog>();
  const hidden = versions.filter((version) => version.archived).length;
  const rows = matching(
    versions.filter((version) => archived === true || !version.archived),
    q,
  );
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Group gap="md" flex={1}>
          <TextInput
            aria-label="Filter versions"
            placeholder="Number, title, description"
            leftSection={<IconSearch size={16} aria-hidden />}
            value={q ?? ''}
            onChange={({ currentTarget: { value } }) =>
              navigate({
                search: ({ q: _q, ...others }) => (value === '' ? others : { ...others, q: value }),
                replace: true,
              })
            }
            flex={1}
            miw={160}
            maw={320}
          />
          {hidden > 0 && (
            <Switch
              label={`Archived (${hidden})`}
              checked={archived === true}
              onChange={({ currentTarget: { checked } }) =>
                navigate({
                  search: ({ archived: _archived, ...others }) => (checked ? { ...others, archived: true } : others),
                  replace: true,
                })
              }
            />
          )}
        </Group>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden />}
          disabled={rows.length === 0}
          onClick={() => downloadCsv(`firmware-${product}`, COLUMNS, rows)}
        >
          CSV
        </Button>
      </Group>
      {rows.length === 0 && (
        <EmptyState title={q === undefined ? 'Every version is archived' : 'No version matches'}>
          {q === undefined
            ? 'Switch on Archived to see them, or upload the next version.'
            : 'Clear the filter to see all versions.'}
        </EmptyState>
      )}
      {/* biome-ignore lint/a11y/noRedundantRoles: a list without bullets is none for VoiceOver */}
      <ul className={classes.list} role="list" aria-label="Versions of the firmware">
        {rows.slice(0, shown).map((version) => (
          <VersionRow
            key={version.version}
            product={product}
            version={version}
            rollout={rollouts.find((rollout) => rollout.version === version.version)}
            onOpen={(kind) => setDialog({ kind, version: version.version })}
          />
        ))}
      </ul>
      {rows.length > shown && (
        <Group justify="center">
          <Text size="sm" c="dimmed">
            {shown} of {rows.length}
          </Text>
          <Button variant="default" onClick={() => setShown(shown + AT_ONCE)}>
            Show more
          </Button>
        </Group>
      )}
      <VersionDialogs product={product} versions={versions} dialog={dialog} onOpen={setDialog} />
    </Stack>
  );
}
