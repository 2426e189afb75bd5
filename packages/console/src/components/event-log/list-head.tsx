import { UnstyledButton } from '@mantine/core';
import { useZone } from '../../ui/time.tsx';
import { zoneSetting } from '../../ui/zone.ts';
import classes from './event-log.module.css';

/** The names of the columns, and the switch between local time and UTC. For eyes: the rows are a list of options, which has no columns. */
export function ListHead({ isOneDevice }: { readonly isOneDevice: boolean }) {
  const zone = useZone();
  return (
    <div className={classes.head}>
      <span>Name</span>
      <span>Data</span>
      {!isOneDevice && <span className={classes.device}>Device</span>}
      <span>
        Published at{' '}
        <UnstyledButton
          fz="xs"
          fw={600}
          c="var(--mantine-color-anchor)"
          aria-label={zone === 'utc' ? 'Times are in UTC: show local time' : 'Times are local: show UTC'}
          onClick={() => zoneSetting.set(zone === 'utc' ? 'local' : 'utc')}
        >
          {zone === 'utc' ? 'UTC' : 'local'}
        </UnstyledButton>
      </span>
    </div>
  );
}
