import { Alert, Button, Group, Stack, Tabs, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { Place } from '../../../data/place.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { messageOf, tellError } from '../../../ui/toasts.tsx';
import { type IntegrationDraft, toDraft } from '../settings/draft.ts';
import { problemsOf, unwritable } from '../settings/draft-problems.ts';
import { parseSettings, settingsText } from '../settings/parse-settings.ts';
import type { Settings } from '../settings/settings.ts';
import { toSettings } from '../settings/to-settings.ts';
import { BodyFields } from './body-fields.tsx';
import { type DraftForm, refusedField } from './draft-form.ts';
import { JsonTab } from './json-tab.tsx';
import { KeyNotes } from './key-notes.tsx';
import { ResponseFields } from './response-fields.tsx';
import { Section } from './section.tsx';
import { TargetFields } from './target-fields.tsx';
import { TemplateHelp } from './template-help.tsx';
import { TriggerFields } from './trigger-fields.tsx';

type View = 'form' | 'json';

interface IntegrationEditorProps {
  readonly place: Place;
  /** What is edited. Others are taken only with another `key`. */
  readonly settings: Settings;
  readonly isNew: boolean;
  readonly readOnly: boolean;
  /** The tab at first. */
  readonly view: View;
  onView(view: View): void;
  /** On the button. */
  readonly action: string;
  /** @throws what the cloud refuses, which is shown at its field */
  onSave(settings: Settings): Promise<unknown>;
}

/** All settings of an integration, as a form and as JSON. Both are the same: changing over keeps everything. */
export function IntegrationEditor(props: IntegrationEditorProps) {
  const { place, settings, isNew, readOnly, onView, action, onSave } = props;
  const [view, setView] = useState(props.view);
  const [base, setBase] = useState(settings);
  const [text, setText] = useState(() => settingsText(settings));
  const [saving, setSaving] = useState(false);
  const [refusal, setRefusal] = useState<unknown>();
  const form = useForm<IntegrationDraft>({ initialValues: toDraft(settings), validate: problemsOf });
  const parsed = parseSettings(text);

  const toJson = () => {
    const problems = unwritable(form.values);
    if (Object.keys(problems).length > 0) {
      form.setErrors(problems);
      tellError(new Error('Correct the marked fields first, so that nothing gets lost'));
      return;
    }
    setText(settingsText(toSettings(form.values, base)));
    show('json');
  };
  const toForm = () => {
    if (!parsed.ok) {
      tellError(new Error(`Line ${parsed.line}: ${parsed.message}`));
      return;
    }
    // What stands behind a choice of the form stays there when the JSON was only looked at.
    if (text !== settingsText(toSettings(form.values, base))) {
      setBase(parsed.settings);
      form.setValues(toDraft(parsed.settings));
    }
    form.clearErrors();
    show('form');
  };
  const show = (next: View) => {
    setRefusal(undefined);
    setView(next);
    onView(next);
  };
  const save = async (next: Settings) => {
    setSaving(true);
    setRefusal(undefined);
    try {
      await onSave(next);
    } catch (error) {
      const refused = refusedField(messageOf(error));
      if (view === 'form' && refused !== undefined) form.setErrors({ [refused.field]: refused.text });
      setRefusal(error);
    } finally {
      setSaving(false);
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    if (view === 'form') return form.onSubmit((draft) => void save(toSettings(draft, base)))(event);
    event.preventDefault();
    if (parsed.ok) void save(parsed.settings);
    return undefined;
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md" maw={900}>
        <Tabs value={view} onChange={(next) => (next === 'json' ? toJson() : toForm())} keepMounted={false}>
          <Tabs.List mb="md" aria-label="Form or JSON">
            <Tabs.Tab value="form">Form</Tabs.Tab>
            <Tabs.Tab value="json">JSON</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="form">
            <fieldset disabled={readOnly} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
              <FormTab form={form} place={place} isNew={isNew} base={base} />
            </fieldset>
          </Tabs.Panel>
          <Tabs.Panel value="json">
            <JsonTab text={text} onChange={setText} readOnly={readOnly} />
          </Tabs.Panel>
        </Tabs>
        {refusal !== undefined && <ErrorState error={refusal} />}
        {view === 'form' && refusal === undefined && Object.keys(form.errors).length > 0 && (
          <Alert color="red" variant="outline" icon={<IconAlertTriangle aria-hidden />} role="alert">
            Some fields need correction.
          </Alert>
        )}
        {!readOnly && (
          <Group>
            <Button type="submit" loading={saving} disabled={view === 'json' && !parsed.ok}>
              {action}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  );
}

interface FormTabProps {
  readonly form: DraftForm;
  readonly place: Place;
  readonly isNew: boolean;
  readonly base: Settings;
}

function FormTab({ form, place, isNew, base }: FormTabProps) {
  const isWebhook = form.values.type === 'Webhook';
  return (
    <Stack gap="md">
      <TriggerFields form={form} place={place} isNew={isNew} />
      {isWebhook ? (
        <>
          <TargetFields form={form} />
          <BodyFields form={form} />
          <ResponseFields form={form} place={place} />
          <TemplateHelp />
        </>
      ) : (
        <Section title="Topic" about="This cloud publishes with the service account of its own configuration.">
          <TextInput
            label="Topic"
            placeholder="projects/my-project/topics/readings"
            withAsterisk
            {...form.getInputProps('topic')}
          />
        </Section>
      )}
      <KeyNotes settings={base} />
    </Stack>
  );
}
