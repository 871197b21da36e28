import { useTranslation } from 'react-i18next';

import { useThings } from '../../live/hooks';

/** The floor. */
export function Rooms() {
  const { t } = useTranslation();
  return (
    <ul>
      {useThings('rooms').map((room) => (
        <li key={room.id}>
          {room.name ?? room.id}: {t(`room.status.${room.status}`)}
        </li>
      ))}
    </ul>
  );
}
