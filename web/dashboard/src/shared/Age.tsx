import { useTranslation } from 'react-i18next';

import { useByTime } from '../live/hooks';
import { rounded } from './ages';

/** How long ago something was at the gateway: "5 min". Nothing until the gateway has said what time it is. */
export function Age({ of }: { of: string }) {
  const { t, i18n } = useTranslation();
  const text = useByTime((now_ms) => {
    if (now_ms === undefined) return '';
    const { n, unit } = rounded(now_ms - Date.parse(of));
    return t(`age.${unit}`, { n: n.toLocaleString(i18n.language) });
  });
  return (
    <time dateTime={of} title={atTime(of, i18n.language)}>
      {text}
    </time>
  );
}

/** A point in time, as this machine's user writes it. */
export function atTime(time: string, language: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(time));
}
