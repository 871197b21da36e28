import { Radio, SimpleGrid, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { type Feature, FEATURES, type Level, LEVELS, PATH, type Setting } from './automation';

/** A level that somebody asks for, and the setting that they saw when they did. */
interface Wanted {
  feature: Feature;
  level: Level;
  revision: number;
}

/** The clinic's three levels, what each means, and a way to another. */
export function ClinicLevels({ setting }: { setting: Setting }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const [wanted, setWanted] = useState<Wanted>();
  const change = async ({ feature, level, revision }: Wanted) => {
    await act({
      method: 'PUT',
      path: PATH,
      body: { [feature]: level },
      ifMatch: revision,
      label: `${t(`automation.feature.${feature}`)}: ${t(`automation.level.${level}`)}`,
      renews: [PATH],
    });
    setWanted(undefined);
  };
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 3 }} spacing="xl">
        {FEATURES.map((feature) => (
          <Radio.Group
            key={feature}
            label={t(`automation.feature.${feature}`)}
            value={setting[feature]}
            onChange={(level) => setWanted({ feature, level: level as Level, revision: setting.revision })}
          >
            <Stack gap="sm" mt="xs">
              {LEVELS.map((level) => (
                <Radio
                  key={level}
                  value={level}
                  label={t(`automation.level.${level}`)}
                  description={t(`automation.means.${feature}_${level}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        ))}
      </SimpleGrid>
      <ConfirmDialog
        title={wanted ? t('automation.set_to', { feature: t(`automation.feature.${wanted.feature}`), level: t(`automation.level.${wanted.level}`) }) : ''}
        confirm={t('automation.set')}
        isOpen={wanted !== undefined}
        isBusy={isBusy}
        onConfirm={() => wanted && void change(wanted)}
        onClose={() => setWanted(undefined)}
      >
        <Text>{wanted && t(`automation.means.${wanted.feature}_${wanted.level}`)}</Text>
        <Text mt="xs" c="dimmed">
          {t('automation.set_stays')}
        </Text>
      </ConfirmDialog>
    </>
  );
}
