import { Badge, Group, Stack, Text, Tooltip, VisuallyHidden } from '@mantine/core';
import { Link } from '../../ui/link.tsx';
import { Time } from '../../ui/time.tsx';
import { devicesText, sizeText } from './format.ts';
import type { Version } from './releases.ts';
import { type Rollout, STATES } from './rollouts.ts';
import { VersionActions } from './version-actions.tsx';
import type { DialogKind } from './version-dialogs.tsx';
import classes from './versions.module.css';

export interface VersionRowProps {
  readonly product: string;
  readonly version: Version;
  /** The newest of this version. */
  readonly rollout: Rollout | undefined;
  onOpen(kind: DialogKind): void;
}

/** One version: what it is, whom it is released to, how many devices run it. What can be done with it shows on hover and focus, and is in the menu. */
export function VersionRow({ product, version, rollout, onOpen }: VersionRowProps) {
  const { title, description, size, name, uploaded_on, uploaded_by, device_count, bundle, archived } = version;
  return (
    <li className={classes.row}>
      <span className={classes.number}>
        <VisuallyHidden>Version </VisuallyHidden>
        {version.version}
      </span>
      <div className={classes.about}>
        <Group gap="xs">
          <Text fw={600}>{title}</Text>
          {archived && <Badge variant="default">Archived</Badge>}
        </Group>
        {description !== '' && (
          <Text size="sm" lineClamp={3}>
            {description}
          </Text>
        )}
        <Text size="sm" c="dimmed" mt={2}>
          {name} · {sizeText(size)}
          {bundle && ', with assets'} · uploaded <Time at={uploaded_on} />
          {uploaded_by.username !== null && ` by ${uploaded_by.username}`}
        </Text>
      </div>
      <Stack gap={6} className={classes.releases} align="flex-start">
        <ReleasedTo version={version} />
        {rollout !== undefined && (
          <Link size="sm" to="/products/$product/rollouts/$rolloutId" params={{ product, rolloutId: rollout.id }}>
            Rollout: {STATES[rollout.state].label.toLowerCase()}
          </Link>
        )}
      </Stack>
      <Text size="sm" className={classes.running} c={device_count === 0 ? 'dimmed' : undefined}>
        {device_count === 0
          ? 'No device runs it'
          : `${devicesText(device_count)} run${device_count === 1 ? 's' : ''} it`}
      </Text>
      <VersionActions product={product} version={version} onOpen={onOpen} />
    </li>
  );
}

function ReleasedTo({ version: { product_default, groups, first_run_at } }: { readonly version: Version }) {
  if (!product_default && groups.length === 0) {
    return first_run_at === null ? (
      <Tooltip
        label="No device of the product has run it: it cannot be released yet"
        events={{ hover: true, focus: true, touch: true }}
      >
        <Badge variant="default">Not tried yet</Badge>
      </Tooltip>
    ) : (
      <Badge variant="default">Not released</Badge>
    );
  }
  return (
    <Group gap={6} aria-label="Released to">
      {product_default && (
        <Badge variant="light" color="teal">
          Product default
        </Badge>
      )}
      {groups.map((group) => (
        <Badge key={group} variant="light" tt="none" maw="100%" title={group}>
          {group}
        </Badge>
      ))}
    </Group>
  );
}
