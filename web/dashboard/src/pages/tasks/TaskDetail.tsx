import { Button, Group, Paper, Stack, Text, Textarea, Title } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';

import { useStanding, useThing } from '../../live/hooks';
import { useMe } from '../../session/me';
import { Age } from '../../shared/Age';
import { Loading } from '../../shared/Loading';
import { Missing } from '../../shared/Missing';
import { Page } from '../../shared/Page';
import { useWho } from '../../shared/useWho';
import { TaskCard } from '../../things/TaskCard';
import { useLabels } from '../../things/useLabels';
import { useTaskWork } from '../../things/useTaskWork';
import classes from './TaskDetail.module.css';
import { useTyping } from './useTyping';

/** One task, with everything that was said about it. */
export default function TaskDetail() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const { state } = useStanding();
  const { taskType } = useLabels();
  const who = useWho();
  const task = useThing('tasks', id);
  if (!task) return state === 'first' ? <Loading /> : <Missing title={t('tasks.title')}>{t('task.gone')}</Missing>;
  return (
    <Page title={taskType(task)}>
      <Stack gap="lg" maw={760}>
        <TaskCard task={task} isFull />
        {task.reasoning && (
          <Paper withBorder p="md">
            <Title order={2} size="h4">
              {t('task.reasoning')}
            </Title>
            <Text className={classes.text}>{task.reasoning}</Text>
          </Paper>
        )}
        <section>
          <Title order={2} size="h3" mb="sm">
            {t('task.notes')}
          </Title>
          <ol className={classes.notes}>
            {(task.notes ?? []).map((note, index) => (
              <li key={`${note.at}:${index}`}>
                <Text size="sm" c="dimmed">
                  {who(note.by)} · <Age of={note.at} />
                </Text>
                <Text className={classes.text}>{note.text}</Text>
              </li>
            ))}
          </ol>
          <NoteForm task={task} />
        </section>
      </Stack>
    </Page>
  );
}

/** Writes a note, and says who else is writing one. */
function NoteForm({ task }: { task: NonNullable<ReturnType<typeof useThing<'tasks'>>> }) {
  const { t } = useTranslation();
  const { may } = useMe();
  const who = useWho();
  const { note } = useTaskWork();
  const [text, setText] = useState('');
  const { writers, write } = useTyping(task.id);
  if (!may('tasks')) return null;
  const send = async () => {
    const sent = text.trim();
    if (sent === '') return;
    setText('');
    // What was refused is not lost: it stands in the field again, unless something new does.
    if (!(await note(task, sent))) setText((now) => (now === '' ? sent : now));
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Textarea
        label={t('task.note')}
        autosize
        minRows={2}
        maxLength={2000}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          write();
        }}
      />
      <Group justify="space-between" mt="xs" mih={44}>
        <Text size="sm" c="dimmed" role="status" aria-live="polite">
          {writers.length > 0 && t('task.writing', { who: writers.map(who).join(', '), count: writers.length })}
        </Text>
        <Button type="submit" disabled={text.trim() === ''}>
          {t('task.send_note')}
        </Button>
      </Group>
    </form>
  );
}
