import { fromStorage, toStorage } from 'postlogin'
import { describe, expect, test } from 'vitest'
import { createSetting } from './support/setting.ts'

const subject = 'maya@example.com'

async function stored() {
  const setting = createSetting()
  const actor = await setting.start('onboarding')
  return { ...setting, text: toStorage(actor, { subject }) }
}

test('what is stored is plain JSON, bound to its subject', async () => {
  const { text, machines } = await stored()
  expect(JSON.parse(text)).toMatchObject({ machine: 'onboarding', subject })
  expect(fromStorage(machines.onboarding, text, { subject })).toMatchObject({ value: 'invitations' })
})

describe('refused, with a clear error', () => {
  const refused = (work: () => unknown) => {
    try {
      work()
    } catch (thrown) {
      return thrown
    }
    return 'not refused'
  }

  test('another account', async () => {
    const { text, machines } = await stored()
    expect(refused(() => fromStorage(machines.onboarding, text, { subject: 'bo' }))).toMatchObject({
      name: 'PortalError',
      failure: { code: 'client.storageSubject' },
    })
  })

  test('another machine', async () => {
    const { text, machines } = await stored()
    expect(refused(() => fromStorage(machines.sessions, text, { subject }))).toMatchObject({
      failure: { code: 'client.storageMachine' },
    })
  })

  test.each(['format', 'shape'])('another version, by its %s', async (field) => {
    const { text, machines } = await stored()
    const older = JSON.stringify({ ...JSON.parse(text), [field]: 'older' })
    expect(refused(() => fromStorage(machines.onboarding, older, { subject }))).toMatchObject({
      failure: { code: 'client.storageVersion' },
    })
  })

  test.each(['', '{', 'null', '[]', '{"snapshot":null}', '"text"'])('text that is not ours: %s', async (text) => {
    const { machines } = createSetting()
    expect(refused(() => fromStorage(machines.onboarding, text, { subject }))).toMatchObject({
      failure: { code: 'client.storageText' },
    })
  })

  test.each<[string, unknown]>([
    ['a number', 5],
    ['nothing', {}],
    ['an unknown state', { status: 'active', value: 'nowhere', context: {}, children: {} }],
    ['no context', { status: 'active', value: 'reading', children: {} }],
    ['no children', { status: 'active', value: 'reading', context: {} }],
    ['no status', { value: 'reading', context: {}, children: {} }],
  ])('a snapshot that was tampered with: %s', async (_, snapshot) => {
    const { text, machines } = await stored()
    const tampered = JSON.stringify({ ...JSON.parse(text), snapshot })
    expect(refused(() => fromStorage(machines.onboarding, tampered, { subject }))).toMatchObject({
      failure: { code: 'client.storageText' },
    })
  })

  test('a missing subject', async () => {
    const { machines, text } = await stored()
    expect(refused(() => fromStorage(machines.onboarding, text, { subject: '' }))).toMatchObject({
      failure: { code: 'client.input', field: 'subject' },
    })
  })
})
