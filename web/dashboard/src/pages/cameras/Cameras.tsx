import type { Camera } from '@caresync/client';
import { Text } from '@mantine/core';
import { IconCameraOff } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';

import { Tiles } from '../../admin/Facts';
import type { Part } from '../../admin/health';
import { useStanding, useThings } from '../../live/hooks';
import { Empty } from '../../shared/Empty';
import { ErrorBox } from '../../shared/ErrorBox';
import { Loading } from '../../shared/Loading';
import { Page } from '../../shared/Page';
import { useHealth } from '../system/useHealth';
import { byHealth, withTrouble } from './cameras';
import { CameraTile } from './CameraTile';

/** How each camera does, the worst first. */
export default function Cameras() {
  const { t } = useTranslation();
  const { state } = useStanding();
  const live = useThings('cameras');
  const health = useHealth();
  const part = health.data?.components?.cameras as (Part & { items?: Camera[] }) | undefined;
  const shown = useMemo(() => live.map((it) => withTrouble(it, part?.items)).sort(byHealth), [live, part]);
  return (
    <Page title={t('cameras.title')}>
      <Text c="dimmed" mb="md" maw={720}>
        {t('cameras.privacy')}
      </Text>
      {/* The tiles are live all the same; without this answer, what a reader said last may be old. */}
      {health.error && <ErrorBox error={health.error} retry={() => void health.refetch()} />}
      {shown.length > 0 && (
        <Tiles label={t('cameras.title')} items={shown} keyOf={({ id }) => id}>
          {(camera) => <CameraTile camera={camera} />}
        </Tiles>
      )}
      {shown.length === 0 && (state === 'first' ? <Loading /> : <Empty icon={IconCameraOff}>{t('cameras.nothing')}</Empty>)}
    </Page>
  );
}
