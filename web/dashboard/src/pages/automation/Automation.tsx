import { Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { Answered } from '../../admin/Answered';
import { LOOK_AGAIN_MS, useAsked } from '../../admin/asked';
import { Section } from '../../admin/Section';
import { Page } from '../../shared/Page';
import { type AutomationAnswer, PATH } from './automation';
import { ClinicLevels } from './ClinicLevels';
import { History } from './History';
import { RoomList } from './RoomList';

/** How far sensors may act by themselves: in the clinic, in rooms that differ, and before. */
export default function Automation() {
  const { t } = useTranslation();
  const query = useAsked<AutomationAnswer>(PATH, LOOK_AGAIN_MS);
  return (
    <Page title={t('automation.title')}>
      <Answered query={query}>
        {(answer) => (
          <Stack gap="xl">
            <Section title={t('automation.clinic')} about={t('automation.about')}>
              <ClinicLevels setting={answer.automation} />
            </Section>
            <RoomList setting={answer.automation} />
            <History answer={answer} />
          </Stack>
        )}
      </Answered>
    </Page>
  );
}
