import { BarChart, type BarChartSeries } from '@mantine/charts';
import '@mantine/charts/styles.css';

import { Empty } from '../../shared/Empty';
import classes from './Charts.module.css';

/** What a chart is given. */
export interface ChartProps {
  /** What it shows, for those who do not see it. The table beside it has the numbers. */
  label: string;
  data: object[];
  /** What stands below each group of bars. */
  x: string;
  series: { name: string; label: string; isReference?: boolean }[];
  unit: string;
  /** What is said while nothing is known. */
  nothing: string;
  isEmpty: boolean;
}

/** Bars beside each other. It is a picture: no stop of the keyboard, and every number of it is in the table below. */
export function Chart({ label, data, x, series, unit, nothing, isEmpty }: ChartProps) {
  if (isEmpty) return <Empty>{nothing}</Empty>;
  const bars: BarChartSeries[] = series.map(({ name, label: of, isReference }) => ({
    name,
    label: of,
    color: isReference ? 'var(--unknown)' : 'var(--accent)',
  }));
  return (
    <div className={classes.frame} role="img" aria-label={label}>
      <BarChart
        h={260}
        data={data as Record<string, unknown>[]}
        dataKey={x}
        series={bars}
        unit={unit}
        withLegend={series.length > 1}
        maxBarWidth={36}
        tickLine="none"
        textColor="var(--ink-soft)"
        gridColor="var(--line)"
        yAxisProps={{ width: 64 }}
        barProps={{ isAnimationActive: false }}
        barChartProps={{ accessibilityLayer: false }}
      />
    </div>
  );
}
