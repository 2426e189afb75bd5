import { Badge, ColorSwatch, Group, Tooltip } from '@mantine/core';

export interface GroupBadgesProps {
  readonly groups: readonly string[];
  /** `#rrggbb` by name. */
  readonly colors: ReadonlyMap<string, string>;
}

const SHOWN = 2;

/** The groups of a device, the first of them by name. */
export function GroupBadges({ groups, colors }: GroupBadgesProps) {
  const rest = groups.slice(SHOWN);
  return (
    <Group gap={4}>
      {groups.slice(0, SHOWN).map((name) => (
        <Badge
          key={name}
          variant="default"
          tt="none"
          fw={500}
          maw={140}
          title={name}
          leftSection={
            <ColorSwatch color={colors.get(name) ?? 'transparent'} size={10} withShadow={false} aria-hidden />
          }
        >
          {name}
        </Badge>
      ))}
      {rest.length > 0 && (
        <Tooltip label={rest.join(', ')}>
          <Badge variant="default" aria-label={`and ${rest.join(', ')}`}>
            +{rest.length}
          </Badge>
        </Tooltip>
      )}
    </Group>
  );
}
