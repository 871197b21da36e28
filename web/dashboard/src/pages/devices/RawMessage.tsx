import { Stack, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { LOOK_AGAIN_MS, useAsked } from '../../admin/asked';
import { Facts } from '../../admin/Facts';
import { Age } from '../../shared/Age';
import { type Heard, RAW_SHOWN, shownRaw } from './devices';
import classes from './RawMessage.module.css';

/** The newest message of a device, as it came; for admins. It is asked for as long as it is open. */
export function RawMessage({ id }: { id: string }) {
  const { t } = useTranslation();
  const query = useAsked<{ devices: Heard[] }>('/api/mqtt/devices', LOOK_AGAIN_MS);
  return (
    <Answered query={query}>
      {({ devices }) => {
        const heard = devices.find((it) => it.id === id);
        return heard ? <Message heard={heard} /> : <Text size="sm">{t('devices.raw_nothing')}</Text>;
      }}
    </Answered>
  );
}

function Message({ heard }: { heard: Heard }) {
  const { t, i18n } = useTranslation();
  const { last, dialect, topics, messages, misread, trouble } = heard;
  const number = (n: number) => n.toLocaleString(i18n.language);
  return (
    <Stack gap="xs">
      {last ? (
        <>
          <Text size="sm" c="dimmed">
            {t('devices.raw_about')}
          </Text>
          <code className={classes.raw} tabIndex={0} role="region" aria-label={t('devices.raw_of', { id: heard.id })} dir="ltr">
            {shownRaw(last.payload)}
          </code>
          {last.payload_bytes > RAW_SHOWN && (
            <Text size="sm" c="dimmed">
              {t('devices.raw_cut', { n: number(last.payload_bytes) })}
            </Text>
          )}
        </>
      ) : (
        <Text size="sm">{t('devices.raw_nothing')}</Text>
      )}
      <Facts
        of={[
          [t('devices.came'), last && <Age of={last.at} />],
          [t('devices.topic'), last && <bdi>{shownRaw(last.topic)}</bdi>],
          [t('devices.retained'), last?.retained && t('devices.retained_yes')],
          [t('devices.dialect'), dialect],
          [t('devices.topics'), topics.join(', ')],
          [t('devices.messages'), number(messages)],
          [t('devices.misread'), misread > 0 && number(misread)],
          [t('devices.misread_why'), trouble],
        ]}
      />
    </Stack>
  );
}
