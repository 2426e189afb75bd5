import { Button } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useId, useImperativeHandle, useRef } from 'react';
import { useZone } from '../../ui/time.tsx';
import classes from './event-log.module.css';
import { EventRow } from './event-row.tsx';
import { ListHead } from './list-head.tsx';
import type { LogEntry, LogEvent } from './log-event.ts';
import { publisherText } from './publisher-text.ts';
import { stepOf } from './step-of.ts';
import type { UseDeviceNames } from './use-device-names.ts';

export interface EventListHandle {
  toTop(): void;
}

export interface EventListProps {
  readonly handle: Ref<EventListHandle>;
  /** How wide the list is, px. */
  readonly width: number;
  readonly count: number;
  /** 0 is the newest. */
  entryAt(index: number): LogEntry | undefined;
  readonly selected: LogEvent | undefined;
  onSelect(event: LogEvent | undefined): void;
  /** Enter: the focus goes to the details. */
  onOpen(): void;
  readonly devices: UseDeviceNames;
  readonly isOneDevice: boolean;
  /** Whether the list stands at its newest end. */
  onScrolled(isAway: boolean): void;
  /** The oldest end has come into view, by scrolling. */
  onEnd(): void;
  /** New events that wait above; 0 shows nothing. */
  readonly waiting: number;
  onShowWaiting(): void;
  /** Stands in place of rows when there are none. */
  readonly empty: ReactNode;
  readonly footer: ReactNode;
}

const NARROW_PX = 560;
const SHORT_TIME_PX = 780;

/** The rows of the log: only those in view are in the page. The list has the focus; the arrow keys move what is selected (UI-20). */
export function EventList(props: EventListProps) {
  const { width, count, entryAt, selected, onSelect, devices, isOneDevice, waiting } = props;
  const id = useId();
  const zone = useZone();
  const scroller = useRef<HTMLDivElement>(null);
  const [isNarrow, isShortTime] = [width < NARROW_PX, width < SHORT_TIME_PX];
  const height = isNarrow ? 54 : 34;
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 6,
    useFlushSync: false,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows of another height
  useEffect(() => rows.measure(), [height]);
  useImperativeHandle(props.handle, () => ({ toTop: () => rows.scrollToOffset(0) }));

  const items = rows.getVirtualItems();
  const inView = items.map(({ index }) => entryAt(index));
  useEffect(() => devices.want(inView.map((entry) => (entry?.kind === 'event' ? entry.publisher : ''))));
  const isAtEnd = (items.at(-1)?.index ?? -1) >= count - 1;
  useEffect(() => {
    if (isAtEnd && (scroller.current?.scrollTop ?? 0) > 0) props.onEnd();
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Escape' && selected !== undefined) return onSelect(undefined);
    if (event.key === 'Enter') return selected === undefined ? undefined : props.onOpen();
    const index = stepOf(event.key, { count, entryAt, selected });
    const entry = index === undefined ? undefined : entryAt(index);
    if (index === undefined || entry?.kind !== 'event') return;
    event.preventDefault();
    onSelect(entry);
    rows.scrollToIndex(index);
  };
  const active = items.find(({ index }) => selected !== undefined && entryAt(index) === selected);
  return (
    <div
      className={classes.list}
      data-narrow={isNarrow}
      data-short-time={isShortTime && !isNarrow}
      data-one-device={isOneDevice}
    >
      <ListHead isOneDevice={isOneDevice} />
      {waiting > 0 && (
        <Button
          className={classes.pill ?? ''}
          size="compact-sm"
          radius="xl"
          leftSection={<IconArrowUp size={14} aria-hidden />}
          onClick={props.onShowWaiting}
        >
          {waiting.toLocaleString('en')} new {waiting === 1 ? 'event' : 'events'}
        </Button>
      )}
      <div
        ref={scroller}
        className={classes.scroller}
        onScroll={({ currentTarget }) => props.onScrolled(currentTarget.scrollTop > 4)}
      >
        {count === 0 ? (
          props.empty
        ) : (
          <div
            role="listbox"
            aria-label="Events, the newest first"
            aria-activedescendant={active === undefined ? undefined : `${id}-${active.index}`}
            tabIndex={0}
            className={classes.rows}
            style={{ height: rows.getTotalSize() }}
            onKeyDown={onKeyDown}
          >
            {items.map(({ index, start }, slot) => {
              const entry = inView[slot];
              if (entry === undefined) return null;
              return (
                <EventRow
                  key={index}
                  id={`${id}-${index}`}
                  entry={entry}
                  index={index}
                  top={start}
                  height={height}
                  isSelected={entry === selected || (entry.kind === 'event' && entry.id === selected?.id)}
                  publisher={
                    isOneDevice || entry.kind !== 'event' ? undefined : publisherText(entry.publisher, devices.names)
                  }
                  zone={zone}
                  isShortTime={isShortTime}
                  onSelect={onSelect}
                />
              );
            })}
          </div>
        )}
        {props.footer}
      </div>
    </div>
  );
}
