import { IconInfoCircle } from '@tabler/icons-react';
import { memo } from 'react';
import type { Zone } from '../../ui/zone.ts';
import { EventKindIcon } from './event-kind-icon.tsx';
import classes from './event-log.module.css';
import { eventClock, eventTime } from './event-time.ts';
import { kindOf, type LogEntry, type LogEvent } from './log-event.ts';

export interface EventRowProps {
  readonly id: string;
  readonly entry: LogEntry;
  /** Its place in the list, 0 is the newest. */
  readonly index: number;
  /** Pixels from the top of the list, and high. */
  readonly top: number;
  readonly height: number;
  readonly isSelected: boolean;
  /** The device's name, its id, or who else published it; undefined in the log of one device. */
  readonly publisher: string | undefined;
  readonly zone: Zone;
  readonly isShortTime: boolean;
  onSelect(event: LogEvent): void;
}

/** One line of the log. Plain elements, and told apart by place and not by event: many a frame change all at once. */
export const EventRow = memo(function EventRow(props: EventRowProps) {
  const { id, entry, index, top, height, isSelected, publisher, zone, isShortTime, onSelect } = props;
  const style = { height, transform: `translateY(${top}px)` };
  if (entry.kind === 'notice') {
    return (
      // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names the active option
      <div id={id} role="option" aria-selected={false} aria-disabled className={classes.notice} style={style}>
        <IconInfoCircle size={16} aria-hidden />
        <span className={classes.cell} title={entry.text}>
          {entry.text}
        </span>
      </div>
    );
  }
  const kind = kindOf(entry);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the list's, which has the focus
    // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus and names the active option
    <div
      id={id}
      role="option"
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={-1}
      className={classes.row}
      style={style}
      onClick={() => onSelect(entry)}
    >
      <span className={classes.name}>
        <EventKindIcon kind={kind} />
        <span className={classes.cell}>{entry.name}</span>
      </span>
      <span className={`${classes.cell} ${entry.data === null ? classes.none : classes.data}`}>
        {entry.data === null ? 'no data' : entry.data.slice(0, 400)}
      </span>
      {publisher !== undefined && <span className={`${classes.cell} ${classes.device}`}>{publisher}</span>}
      <span className={classes.time}>{isShortTime ? eventClock(entry.at, zone) : eventTime(entry.at, zone)}</span>
    </div>
  );
});
