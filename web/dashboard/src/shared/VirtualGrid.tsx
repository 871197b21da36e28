// Long lists of tiles: only those near the screen are there.

import { useElementSize } from '@mantine/hooks';
import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react';

import classes from './VirtualGrid.module.css';

/** What a grid is given. */
export interface VirtualGridProps<T> {
  /** Its name to who cannot see it. */
  label: string;
  items: readonly T[];
  /** The narrowest that a tile may be, in pixels; one fills a narrower screen. */
  tileMin_px: number;
  /** The most columns; as many as there is room for by default. */
  columnsMax?: number;
  /** How tall a row is before it was measured, in pixels. */
  rowGuess_px: number;
  keyOf(item: T): string;
  children(item: T): ReactNode;
}

/** Between tiles, in pixels. */
const GAP_PX = 12;

/** A list of tiles in as many columns as there is room for. */
export function VirtualGrid<T>(props: VirtualGridProps<T>) {
  const { label, items, tileMin_px, columnsMax = Infinity, rowGuess_px, keyOf, children } = props;
  const { ref: sized, width } = useElementSize();
  const top = useRef<HTMLDivElement>(null);
  const [scrollMargin, setScrollMargin] = useState(0);
  useLayoutEffect(() => setScrollMargin(top.current?.offsetTop ?? 0), [width]);
  const columns = Math.max(1, Math.min(columnsMax, Math.floor((width + GAP_PX) / (tileMin_px + GAP_PX))));
  const rows = useWindowVirtualizer({
    count: Math.ceil(items.length / columns),
    estimateSize: () => rowGuess_px,
    gap: GAP_PX,
    overscan: 2,
    scrollMargin,
  });
  return (
    <div ref={top}>
      <div ref={sized} role="list" aria-label={label} className={classes.grid} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map((row) => (
          <div
            key={row.key}
            ref={rows.measureElement}
            data-index={row.index}
            role="presentation"
            className={classes.row}
            style={{
              transform: `translateY(${row.start - scrollMargin}px)`,
              gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
              gap: GAP_PX,
            }}
          >
            {items.slice(row.index * columns, (row.index + 1) * columns).map((item, column) => (
              <div
                key={keyOf(item)}
                role="listitem"
                aria-setsize={items.length}
                aria-posinset={row.index * columns + column + 1}
              >
                {children(item)}
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}
