import { Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { useMe } from '../../session/me';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import type { AgentState } from './Agent';

type Phase = AgentState['phase'];

const PHASES: readonly Phase[] = ['observation', 'assisted', 'autonomous'];

/** A phase that somebody asks for, and the revision that they saw when they did. */
interface Wanted {
  phase: Phase;
  revision: number;
}

/** The three phases, and which one holds. Admins switch it, and are asked once more. */
export function PhaseChoice({ agent }: { agent: AgentState }) {
  const { t } = useTranslation();
  const me = useMe();
  const { act, isBusy } = useAct();
  const [wanted, setWanted] = useState<Wanted>();
  const change = async ({ phase, revision }: Wanted) => {
    await act({
      method: 'PATCH',
      path: '/api/agent',
      body: { phase },
      ifMatch: revision,
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
        onChange={(value) => setWanted({ phase: value as Phase, revision: agent.revision })}
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
        title={t('agent.switch_title', { phase: wanted ? t(`agent.phases.${wanted.phase}`) : '' })}
        confirm={t('agent.switch')}
        isOpen={wanted !== undefined}
        isDangerous={wanted?.phase === 'autonomous'}
        isBusy={isBusy}
        onConfirm={() => wanted && void change(wanted)}
        onClose={() => setWanted(undefined)}
      >
        <Text>{wanted && t(`agent.phase_means.${wanted.phase}`)}</Text>
        <Text mt="xs" c="dimmed">
          {t('agent.switch_stays')}
        </Text>
      </ConfirmDialog>
    </>
  );
}
