import { useTranslation } from 'react-i18next';

import { Rooms } from '../pages/rooms/Rooms';

/** The frame around every page. */
export function Shell() {
  const { t } = useTranslation();
  return (
    <main>
      <h1>{t('rooms.title')}</h1>
      <Rooms />
    </main>
  );
}
