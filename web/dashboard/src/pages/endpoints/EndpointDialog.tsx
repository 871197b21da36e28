import { Stack } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { useAct } from '../../admin/asked';
import { FormButtons } from '../../shared/FormButtons';
import { FormDialog } from '../../shared/FormDialog';
import { Notice } from '../../shared/Notice';
import { EndpointFields } from './EndpointFields';
import { type Endpoint, endpointPath, ENDPOINTS } from './endpoints';
import { editBody, newBody, valuesOf, type EndpointValues, type Wrong, wrongBearer, wrongCursor, wrongId, wrongRate, wrongUrl } from './forms';

interface DialogProps {
  /** The endpoint that is changed; a new one without it. */
  endpoint?: Endpoint;
  isOpen: boolean;
  /** It is there, or changed. A new one has a secret, told now and never again. */
  onDone(id: string, secret: string | undefined): void;
  onClose(): void;
}

/** Adds an endpoint, or changes one. */
export function EndpointDialog(props: DialogProps) {
  const { t } = useTranslation();
  const { endpoint, isOpen, onClose } = props;
  return (
    <FormDialog title={endpoint ? t('endpoints.edit_title', { id: endpoint.id }) : t('endpoints.add_title')} size="lg" isOpen={isOpen} onClose={onClose}>
      <EndpointForm {...props} />
    </FormDialog>
  );
}

/** Begins with the endpoint as it is when the dialog opens. */
function EndpointForm({ endpoint, onDone, onClose }: DialogProps) {
  const { t } = useTranslation();
  const { act, isBusy } = useAct();
  const [base] = useState(endpoint);
  const isNew = base === undefined;
  const say = (wrong: Wrong | undefined) => wrong && t(`endpoints.wrong.${wrong}`);
  const form = useForm<EndpointValues>({
    initialValues: valuesOf(base),
    validate: {
      id: (id) => (isNew ? say(wrongId(id)) : null),
      url: (url) => say(wrongUrl(url)),
      bearer: (bearer, { kind }) => say(wrongBearer(bearer, kind, isNew)),
      rate_per_s: (rate) => say(wrongRate(rate)),
      after: (after, { start }) => (isNew && start === 'after' ? say(wrongCursor(after)) : null),
    },
  });
  // What is written here rests on what was there: a colleague's change is not undone by it.
  const isOvertaken = base !== undefined && endpoint?.revision !== base.revision;
  const send = async (values: EndpointValues) => {
    const id = base?.id ?? values.id.trim();
    const done = await act<{ secret?: string }>({
      ...(base
        ? { method: 'PATCH', path: endpointPath(id), body: editBody(base, values), ifMatch: base.revision, label: t('endpoints.edited', { id }) }
        : { method: 'POST', path: ENDPOINTS, body: newBody(values), label: t('endpoints.added', { id }) }),
      renews: [ENDPOINTS],
    });
    if (done) onDone(id, done.body.secret);
  };
  return (
    <form onSubmit={form.onSubmit((values) => void send(values), (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus())} noValidate>
      <Stack gap="md">
        <EndpointFields form={form} isNew={isNew} />
        {isOvertaken && <Notice tone="attention">{t('endpoints.overtaken')}</Notice>}
        <FormButtons isBusy={isBusy} isDisabled={isOvertaken || (!isNew && !form.isDirty())} onCancel={onClose}>
          {isNew ? t('endpoints.add') : t('endpoints.save')}
        </FormButtons>
      </Stack>
    </form>
  );
}
