import { Button, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { Rows } from '../../admin/Rows';
import { Section } from '../../admin/Section';
import { Age } from '../../shared/Age';
import { ConfirmDialog } from '../../shared/ConfirmDialog';
import { Empty } from '../../shared/Empty';
import { useRoomName } from '../../shared/useRoomName';
import { useWho } from '../../shared/useWho';
import { type AutomationAnswer, changesOf, entriesOf, type Entry, FEATURES, type LevelChange, ownRooms, PATH, type Setting } from './automation';

/** Going back to a setting, and the one that holds when somebody asks for it. */
interface Reverting {
  to: Setting;
  now: Setting;
}

/** Every setting, the newest first, and a way back to each. */
export function History({ answer: { automation, history } }: { answer: AutomationAnswer }) {
  const { t } = useTranslation();
  const who = useWho();
  const [reverting, setReverting] = useState<Reverting>();
  return (
    <Section title={t('automation.history')}>
      {history.length === 0 && <Empty>{t('automation.no_history')}</Empty>}
      {history.length > 0 && (
        <Rows
          label={t('automation.history')}
          items={entriesOf(history)}
          keyOf={({ setting }) => String(setting.revision)}
          minWidth_px={720}
          columns={[
            { name: t('automation.number'), of: ({ setting }) => setting.revision },
            { name: t('admin.when'), of: ({ setting }) => setting.set_at && <Age of={setting.set_at} /> },
            { name: t('admin.who'), of: ({ setting }) => setting.set_by && who(setting.set_by) },
            { name: t('automation.what'), of: (entry) => <What entry={entry} /> },
            {
              name: t('automation.back'),
              of: ({ setting }) =>
                setting.revision === automation.revision ? (
                  t('automation.holds')
                ) : (
                  <Button
                    variant="default"
                    aria-label={t('automation.revert_to', { n: setting.revision })}
                    onClick={() => setReverting({ to: setting, now: automation })}
                  >
                    {t('automation.revert')}
                  </Button>
                ),
            },
          ]}
        />
      )}
      <RevertDialog reverting={reverting} onClose={() => setReverting(undefined)} />
    </Section>
  );
}

function What({ entry: { setting, before } }: { entry: Entry }) {
  const { t } = useTranslation();
  return (
    <>
      {setting.reverted_to != null && (
        <Text size="sm" fw={650}>
          {t('automation.reverted_to', { n: setting.reverted_to })}
        </Text>
      )}
      {before ? <Changes changes={changesOf(before, setting)} /> : <Levels of={setting} />}
    </>
  );
}

/** What changes, one line each. */
function Changes({ changes }: { changes: LevelChange[] }) {
  const { t } = useTranslation();
  const nameOf = useRoomName();
  const word = (level: LevelChange['from']) => (level ? t(`automation.level.${level}`) : t('automation.clinics'));
  if (changes.length === 0) return <Text size="sm">{t('automation.no_change')}</Text>;
  return changes.map(({ room, feature, from, to }) => (
    <Text size="sm" key={`${room ?? ''}/${feature}`}>
      {room !== undefined && `${nameOf(room)} · `}
      {t(`automation.feature.${feature}`)}: {t('automation.from_to', { from: word(from), to: word(to) })}
    </Text>
  ));
}

/** All of a setting: of the oldest that is kept nobody knows what came before. */
function Levels({ of }: { of: Setting }) {
  const { t } = useTranslation();
  return (
    <Text size="sm">
      {FEATURES.map((it) => `${t(`automation.feature.${it}`)}: ${t(`automation.level.${of[it]}`)}`).join(' · ')}
      {ownRooms(of).length > 0 && ` · ${t('automation.with_rooms', { count: ownRooms(of).length })}`}
    </Text>
  );
}

function RevertDialog({ reverting, onClose }: { reverting: Reverting | undefined; onClose(): void }) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const label = t('automation.revert_to', { n: reverting?.to.revision ?? 0 });
  const revert = async ({ to, now }: Reverting) => {
    const body = { to_revision: to.revision };
    await act({ method: 'POST', path: `${PATH}/revert`, body, ifMatch: now.revision, label, renews: [PATH] });
    onClose();
  };
  return (
    <ConfirmDialog
      title={label}
      confirm={t('automation.revert')}
      isOpen={reverting !== undefined}
      isBusy={isBusy}
      onConfirm={() => reverting && void revert(reverting)}
      onClose={onClose}
    >
      <Text mb="xs">{t('automation.revert_means')}</Text>
      {reverting && <Changes changes={changesOf(reverting.now, reverting.to)} />}
    </ConfirmDialog>
  );
}
