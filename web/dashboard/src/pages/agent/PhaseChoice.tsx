import { Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { useMe } from '../../session/me';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import type { AgentState } from './Agent';

type Phase = AgentState['phase'];

const PHASES: readonly Phase[] = ['observation', 'assisted', 'autonomous'];

/** The three phases, and which one holds. Admins switch it, and are asked once more. */
export function PhaseChoice({ agent }: { agent: AgentState }) {
  const { t } = useTranslation();
  const me = useMe();
  const { act, isBusy } = useAct();
  const [wanted, setWanted] = useState<Phase>();
  const change = async (phase: Phase) => {
    await act({
      method: 'PATCH',
      path: '/api/agent',
      body: { phase },
      ifMatch: agent.revision,
      label: `${t('agent.phase')}: ${t(`agent.phases.${phase}`)}`,
      renews: ['/api/agent'],
    });
    setWanted(undefined);
  };
  return (
    <>
      <Radio.Group
        aria-label={t('agent.phase')}
        value={agent.phase}
        onChange={(value) => setWanted(value as Phase)}
        {...(!me.may('administration') && { description: t('agent.phase_by_admin') })}
      >
        <Stack gap="sm" mt="xs">
          {PHASES.map((phase) => (
            <Radio
              key={phase}
              value={phase}
              label={t(`agent.phases.${phase}`)}
              description={t(`agent.phase_means.${phase}`)}
              disabled={!me.may('administration')}
            />
          ))}
        </Stack>
      </Radio.Group>
      <ConfirmDialog
        title={t('agent.switch_title', { phase: wanted ? t(`agent.phases.${wanted}`) : '' })}
        confirm={t('agent.switch')}
        isOpen={wanted !== undefined}
        isDangerous={wanted === 'autonomous'}
        isBusy={isBusy}
        onConfirm={() => wanted && void change(wanted)}
        onClose={() => setWanted(undefined)}
      >
        <Text>{wanted && t(`agent.phase_means.${wanted}`)}</Text>
        <Text mt="xs" c="dimmed">
          {t('agent.switch_stays')}
        </Text>
      </ConfirmDialog>
    </>
  );
}
