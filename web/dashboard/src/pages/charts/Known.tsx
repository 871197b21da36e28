import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { type Unit, written, writtenChange } from './numbers';

/** A number with its unit, or that nobody knows it. */
export function Known({ unit, value }: { unit: Unit; value: number | null | undefined }) {
  const { i18n } = useTranslation();
  return <OrUnknown text={written(unit, value, i18n.language)} />;
}

/** How far it is from the average. */
export function Change({ of }: { of: number | null | undefined }) {
  const { i18n } = useTranslation();
  return <OrUnknown text={writtenChange(of, i18n.language)} />;
}

function OrUnknown({ text }: { text: string | undefined }) {
  const { t } = useTranslation();
  if (text !== undefined) return <>{text}</>;
  return (
    <Text span c="dimmed" size="sm">
      {t('charts.unknown')}
    </Text>
  );
}
