import { Button, Group, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { usePlatforms } from '../../../components/device-type/use-platforms.ts';
import { api } from '../../../data/api.ts';
import { useChange } from '../../../data/use-change.ts';
import { ErrorState } from '../../../ui/error-state.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { deviceIdProblem, emailProblem } from './field-checks.ts';

const EMPTY = { id: '', publicKey: '', platform: '', name: '', owner: '', serialNumber: '' };

/** Makes a device known with its public key, or changes what is known of it. */
export function RegisterDevice() {
  const platforms = usePlatforms();
  const form = useForm({
    initialValues: EMPTY,
    validate: {
      id: deviceIdProblem,
      publicKey: (text) =>
        text.trim() === '' || text.includes('BEGIN PUBLIC KEY') ? null : 'PEM, from -----BEGIN PUBLIC KEY----- on',
      owner: (text) => (text.trim() === '' ? null : emailProblem(text)),
    },
  });
  const register = useChange({
    run: ({ id, publicKey, platform, name, owner, serialNumber }: typeof form.values) =>
      api.call('registerDevice', {
        body: {
          id: id.trim().toLowerCase(),
          ...(publicKey.trim() !== '' && { public_key: publicKey }),
          ...(platform !== '' && { platform_id: Number(platform) }),
          ...(name.trim() !== '' && { name: name.trim() }),
          ...(owner.trim() !== '' && { owner: owner.trim() }),
          ...(serialNumber.trim() !== '' && { serial_number: serialNumber.trim() }),
        },
      }),
    changes: ['listDevices'],
    done: ({ id }) => `${id.trim().toLowerCase()} is registered`,
    onDone: () => form.reset(),
    showsError: true,
  });
  const kinds = [...(platforms?.values() ?? [])].map(({ id, display_name: label }) => ({ value: String(id), label }));
  return (
    <Panel
      title="Register a device"
      about="With its public key, so that it may connect. For a device that is known, what you fill in replaces what is known of it."
    >
      <form onSubmit={form.onSubmit((values) => register.mutate(values))} noValidate>
        <Stack gap="sm">
          <TextInput label="Device ID" required autoComplete="off" spellCheck={false} {...form.getInputProps('id')} />
          <Textarea
            label="Public key"
            description="PEM: P-256, or RSA for devices over TCP. Needed for a device that was not known."
            autosize
            minRows={4}
            maxRows={10}
            spellCheck={false}
            {...form.getInputProps('publicKey')}
          />
          <Select
            label="Hardware"
            data={kinds}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': 'No kind of hardware' }}
            {...form.getInputProps('platform')}
            value={form.values.platform === '' ? null : form.values.platform}
            onChange={(value) => form.setFieldValue('platform', value ?? '')}
          />
          <TextInput label="Name" {...form.getInputProps('name')} />
          <TextInput
            label="Owner"
            description="E-mail of an account that owns it from now on"
            type="email"
            {...form.getInputProps('owner')}
          />
          <TextInput label="Serial number" {...form.getInputProps('serialNumber')} />
          {register.isError && <ErrorState error={register.error} />}
          <Group justify="flex-end">
            <Button type="submit" loading={register.isPending}>
              Register
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  );
}
