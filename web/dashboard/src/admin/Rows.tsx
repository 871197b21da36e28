import { Table } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './Rows.module.css';

/** A column: its name, and what it shows of a thing. */
export interface Column<T> {
  name: string;
  of(item: T): ReactNode;
  /** Numbers stand at the right, below each other. */
  isNumber?: boolean;
}

/** A table. On a narrow screen it moves sideways within its frame, by keys, too; the page stays. */
export function Rows<T>(props: {
  label: string;
  items: readonly T[];
  columns: readonly Column<T>[];
  keyOf(item: T): string;
  minWidth_px?: number;
}) {
  const { label, items, columns, keyOf, minWidth_px = 560 } = props;
  return (
    // A group: the section around it is the landmark, mostly of the same name.
    <div className={classes.rows} role="group" aria-label={label} tabIndex={0}>
      <Table miw={minWidth_px} verticalSpacing="xs" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ name, isNumber }) => (
              <Table.Th key={name} scope="col" ta={isNumber ? 'right' : 'left'}>
                {name}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={keyOf(item)}>
              {columns.map(({ name, of, isNumber }) => (
                <Table.Td key={name} ta={isNumber ? 'right' : 'left'}>
                  {of(item)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}
