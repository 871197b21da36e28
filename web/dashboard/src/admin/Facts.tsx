import { Fragment, type ReactNode } from 'react';

import classes from './Facts.module.css';

/** Names and what is true of them. What there is nothing of is left out. */
export function Facts({ of }: { of: readonly (readonly [name: string, value: ReactNode])[] }) {
  const known = of.filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false);
  return (
    <dl className={classes.facts}>
      {known.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

/** Tiles side by side, as many as there is room for. */
export function Tiles<T>(props: { label: string; items: readonly T[]; keyOf(item: T): string; children(item: T): ReactNode }) {
  const { label, items, keyOf, children } = props;
  return (
    <ul className={classes.tiles} aria-label={label}>
      {items.map((item) => (
        <li key={keyOf(item)}>{children(item)}</li>
      ))}
    </ul>
  );
}
