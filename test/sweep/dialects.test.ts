/**
 * A complete onboarding at a portal of each dialect, without a fault: completed, the account as at a portal that speaks as documented, no
 * write carried out twice, nobody locked out, nothing left behind. Values of `Dialect` come by themselves; a behaviour has its row here.
 */
import type { BehaviourChanges } from 'postlogin/testing'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import { defaultBehaviour, dialectValues } from '../../src/testing/behaviour.ts'
import { createSetting } from '../support/setting.ts'
import { accountOf, carryThrough, doubledWrites, eagerPolicy } from '../support/user.ts'

const defaults = new Map<string, unknown>(Object.entries(defaultBehaviour.dialect))

const dialects: Readonly<Record<string, BehaviourChanges>> = {
  ...Object.fromEntries(
    Object.entries(dialectValues).flatMap(([name, values]) =>
      values
        .filter((value) => value !== defaults.get(name))
        .map((value) => [`dialect.${name}: ${value}`, { dialect: { [name]: value } }]),
    ),
  ),
  'no optional field, nothing around the data': { dialect: { optionalFields: false, envelopeExtras: false } },
  'the whitelist enforced on every request': { enforceOnEveryRequest: true },
  'sessions listed with their last address': { sessionAddress: 'request' },
  'codes of SHA256 and 60 s': { totp: { algorithm: 'SHA256', period: 60 } },
  'a channel that is over at once': { channelLifetimeMs: 1 },
  'the channel’s header on every POST': { channelHeaderOn: 'securityPosts' },
  'plain replies to sealed requests': { encryptsReplies: false },
  'a sealed reply to a set-up': { encryptsSetupReply: true },
  'plain refusals of sealed requests': { encryptsErrors: false },
}

async function run(behaviour: BehaviourChanges = {}) {
  const setting = createSetting({ portal: behaviour })
  const { portal, machines, api, clock } = setting
  const flow = createActor(machines.onboarding, { input: { policy: eagerPolicy } }).start()
  const { actor, seen, enablings } = await carryThrough(setting, flow)
  await setting.patiently(api.close())
  return {
    output: actor.getSnapshot().output,
    account: accountOf(portal),
    doubled: doubledWrites(portal, enablings),
    isLockedOut: !portal.login().ok,
    timersLeft: clock.pending,
    seen,
  }
}

const plain = await run()

test.each(Object.entries(dialects))('%s', async (_, behaviour) => {
  const { output, account, doubled, isLockedOut, timersLeft, seen } = await run(behaviour)
  expect(output, seen.join('\n')).toMatchObject({ outcome: 'completed', otpEnabled: true, ipWhitelistEnabled: true })
  expect(account).toEqual(plain.account)
  expect({ doubled, isLockedOut, timersLeft }).toEqual({ doubled: [], isLockedOut: false, timersLeft: 0 })
})
