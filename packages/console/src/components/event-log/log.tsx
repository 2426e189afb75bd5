import { Box } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useCallback, useEffect, useId, useMemo, useRef, useState } from 'react';
import { EmptyLog } from './empty-log.tsx';
import { EventDetail } from './event-detail.tsx';
import { EventList, type EventListHandle } from './event-list.tsx';
import classes from './event-log.module.css';
import type { EventLogProps } from './event-log.tsx';
import type { EventLogSearch } from './event-log-search.ts';
import { FilterHelp } from './filter-help.tsx';
import { boundsOf, coarseFilter } from './history-query.ts';
import { LogFooter } from './log-footer.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import { isEmptyFilter } from './match-event.ts';
import { withModifier } from './parse-filter.ts';
import { CustomSpan } from './span-picker.tsx';
import { useDeviceNames } from './use-device-names.ts';
import { useLiveLog } from './use-live-log.ts';
import { useLogFilter } from './use-log-filter.ts';
import { useLogRows } from './use-log-rows.ts';
import { useSelection } from './use-selection.ts';

interface LogProps extends EventLogProps {
  readonly path: string | null;
  readonly search: EventLogSearch;
  setSearch(change: EventLogSearch): void;
}

const SIDE_PX = 900;

/** One stream's log, with what stands around it. Another stream is another log: give it another key. */
export function Log({
  place,
  deviceId,
  height = 'calc(100dvh - 208px)',
  emptyActions,
  path,
  search,
  setSearch,
}: LogProps) {
  const isOneDevice = deviceId !== undefined;
  const helpId = useId();
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isPaused, setPaused] = useState(false);
  const [isAway, setAway] = useState(false);
  const list = useRef<EventListHandle>(null);
  const detail = useRef<HTMLElement>(null);
  const { ref: sized, width } = useElementSize();
  const { ref: listSized, width: listWidth } = useElementSize();

  const devices = useDeviceNames(place);
  const { names } = devices;
  const { text, setText, filter, passes } = useLogFilter({ search, setSearch, isOneDevice, names });
  const { log, live, stream, reopen } = useLiveLog(path);
  useEffect(() => log.filter(passes), [log, passes]);
  const select = useSelection(
    place,
    search.event,
    useCallback((event: number | undefined) => setSearch({ event }), [setSearch]),
  );
  const [selected, setSelected] = select;
  const isHeld = isPaused || isAway || selected !== undefined;
  useEffect(() => log.hold(isHeld), [log, isHeld]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a span begins when it is chosen
  const bounds = useMemo(() => boundsOf(search, Date.now()), [search.span, search.from, search.to]);
  const query = useMemo(
    () => ({ ...bounds, ...coarseFilter(filter, (id) => names.has(id)), ...(isOneDevice && { device: deviceId }) }),
    [bounds, filter, names, isOneDevice, deviceId],
  );
  const rows = useLogRows({
    place,
    log,
    live,
    query,
    passes,
    isSpan: search.span !== undefined,
    isOpen: path === null || stream.kind === 'live' || stream.kind === 'ended',
  });

  const close = () => setSelected(undefined);
  const showWaiting = () => {
    close();
    setAway(false);
    list.current?.toTop();
    log.flush();
  };
  const example = useRef<string>(undefined);
  const newest = rows.entryAt(0);
  if (newest?.kind === 'event') example.current = newest.name;
  return (
    <div className={classes.log} ref={sized}>
      <LogToolbar
        text={text}
        onText={setText}
        filter={filter}
        isHelpOpen={isHelpOpen}
        helpId={helpId}
        onToggleHelp={() => setHelpOpen(!isHelpOpen)}
        search={search}
        setSearch={setSearch}
        isPaused={isPaused}
        onPause={() => setPaused(!isPaused)}
        onClear={() => {
          close();
          log.clear();
          rows.forget();
        }}
        live={live}
        stream={path === null ? undefined : stream}
        onReopen={reopen}
        place={place}
        query={query}
        rows={rows}
      />
      {search.span === 'custom' && <CustomSpan search={search} onChange={setSearch} />}
      <FilterHelp
        id={helpId}
        isOpen={isHelpOpen}
        isOneDevice={isOneDevice}
        deviceId={[...names.keys()][0]}
        eventName={example.current}
        onUse={setText}
      />
      <Box
        className={classes.panes ?? ''}
        data-detail={selected === undefined ? 'none' : width >= SIDE_PX ? 'side' : 'below'}
        style={{ '--log-height': height }}
      >
        <div ref={listSized} className={classes.pane}>
          <EventList
            handle={list}
            width={listWidth}
            count={rows.count}
            entryAt={rows.entryAt}
            selected={selected}
            onSelect={setSelected}
            onOpen={() => detail.current?.focus()}
            devices={devices}
            isOneDevice={isOneDevice}
            onScrolled={setAway}
            onEnd={rows.autoEarlier}
            waiting={isPaused ? 0 : live.waiting}
            onShowWaiting={showWaiting}
            empty={
              <EmptyLog
                place={place}
                isOneDevice={isOneDevice}
                isFiltered={!isEmptyFilter(filter)}
                hidden={rows.hidden}
                isLive={path !== null}
                isReading={rows.past.isReading}
                onUnfilter={() => setText('')}
              >
                {emptyActions}
              </EmptyLog>
            }
            footer={
              <LogFooter
                dropped={live.dropped}
                past={rows.past}
                isPastShown={rows.isPastShown}
                isEmpty={rows.count === 0}
                from={bounds.from}
                onEarlier={rows.earlier}
              />
            }
          />
        </div>
        {selected !== undefined && (
          <EventDetail
            ref={detail}
            key={selected.id}
            event={selected}
            place={place}
            names={names}
            isOneDevice={isOneDevice}
            onClose={close}
            onFilter={(modifier, value) => setText(withModifier(text, modifier, value))}
          />
        )}
      </Box>
    </div>
  );
}
