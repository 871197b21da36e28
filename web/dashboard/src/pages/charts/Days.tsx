import { NativeSelect, SegmentedControl, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { useAsked } from '../../admin/asked';
import { type Column, Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { Empty } from '../../shared/Empty';
import { Chart } from './Chart';
import { Change, Known } from './Known';
import { drawn, isAnyKnown, NUMBER_NAMES, oneOf, PERIODS, type Trends, UNITS, writtenDay } from './numbers';
import { useChosen } from './useChosen';

/** How often the numbers are counted anew on the page: they are about hours and days. */
export const COUNT_AGAIN_MS = 60_000;

/** The clinic's numbers: today beside the average, and each day of the period. */
export function Days() {
  const { t } = useTranslation();
  const [asked, choose] = useChosen('days');
  const period = oneOf(PERIODS, asked) ?? PERIODS[0];
  const query = useAsked<{ trends: Trends }>(`/api/metrics/trends?days=${period}`, COUNT_AGAIN_MS);
  return (
    <>
      <Section title={t('charts.day')} about={t('charts.day_about')}>
        <Answered query={query}>{({ trends }) => <Today trends={trends} />}</Answered>
      </Section>
      <Section
        title={t('charts.days')}
        aside={
          <SegmentedControl
            aria-label={t('charts.period')}
            value={period}
            onChange={choose}
            data={PERIODS.map((n) => ({ value: n, label: t('charts.period_days', { n }) }))}
          />
        }
      >
        <Answered query={query}>{({ trends }) => <Course trends={trends} />}</Answered>
      </Section>
    </>
  );
}

function Today({ trends }: { trends: Trends }) {
  const { t } = useTranslation();
  const today = trends.days.at(-1);
  if (!today?.recorded) return <Empty>{t('charts.nothing_today')}</Empty>;
  return (
    <Rows
      label={t('charts.day')}
      items={NUMBER_NAMES}
      keyOf={(name) => name}
      minWidth_px={440}
      columns={[
        { name: t('charts.what'), of: (name) => t(`charts.number.${name}`) },
        { name: t('charts.today'), of: (name) => <Known unit={UNITS[name]} value={today.numbers[name]} />, isNumber: true },
        { name: t('charts.average'), of: (name) => <Known unit={UNITS[name]} value={trends.average[name]} />, isNumber: true },
        { name: t('charts.change'), of: (name) => <Change of={trends.change_ratio[name]} />, isNumber: true },
      ]}
    />
  );
}

/** One number, day by day; and the table of all of them. */
function Course({ trends }: { trends: Trends }) {
  const { t, i18n } = useTranslation();
  const [asked, choose] = useChosen('number');
  const name = oneOf(NUMBER_NAMES, asked) ?? NUMBER_NAMES[0]!;
  const unit = UNITS[name];
  const data = trends.days.map(({ date, numbers }) => ({ day: writtenDay(date, i18n.language), value: drawn(unit, numbers[name]) }));
  return (
    <Stack gap="sm">
      <NativeSelect
        aria-label={t('charts.what')}
        maw={360}
        value={name}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={NUMBER_NAMES.map((it) => ({ value: it, label: t(`charts.number.${it}`) }))}
      />
      <Chart
        label={t('charts.days_chart', { what: t(`charts.number.${name}`) })}
        data={data}
        x="day"
        unit={unit === 'ratio' ? ' %' : unit === 'min' ? ' min' : ''}
        series={[{ name: 'value', label: t(`charts.number.${name}`) }]}
        nothing={t('charts.nothing_days')}
        isEmpty={!isAnyKnown(data.map(({ value }) => value))}
      />
      <Rows
        label={t('charts.days')}
        items={[...trends.days].reverse()}
        keyOf={({ date }) => date}
        columns={useDayColumns()}
        minWidth_px={1180}
      />
    </Stack>
  );
}

function useDayColumns(): Column<Trends['days'][number]>[] {
  const { t, i18n } = useTranslation();
  const day: Column<Trends['days'][number]> = {
    name: t('charts.date'),
    of: ({ date, complete }) => {
      const written = writtenDay(date, i18n.language);
      const said = complete ? written : t('charts.so_far', { day: written });
      return <span style={{ whiteSpace: 'nowrap' }}>{said}</span>;
    },
  };
  return [
    day,
    ...NUMBER_NAMES.map((name) => ({
      name: t(`charts.number.${name}`),
      of: ({ numbers }: Trends['days'][number]) => <Known unit={UNITS[name]} value={numbers[name]} />,
      isNumber: true,
    })),
  ];
}
