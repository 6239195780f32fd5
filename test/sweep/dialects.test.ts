/**
 * A complete onboarding at a portal of each dialect, without a fault: completed, the account as at a portal that speaks as documented, no
 * write carried out twice, nobody locked out, nothing left behind. Values of `Dialect` come by themselves; a behavior has its row here.
 */
import type { FakePortalOptions } from 'postlogin/testing'
import { expect, test } from 'vitest'
import { createActor } from 'xstate'
import { createSetting, type Setting } from '../support/setting.ts'
import { accountOf, carryThrough, doubledWrites, eagerPolicy } from '../support/user.ts'
import { dialects, ghost } from './dialects.ts'

async function run(portalOptions: FakePortalOptions = {}) {
  let token = 'stale'
  const setting: Setting = createSetting({
    portal: portalOptions,
    api: {
      accessToken: () => token,
      refreshAccessToken: async () => {
        token = setting.portal.refreshAccessToken()
        return token
      },
    },
  })
  const { portal, machines, api, clock } = setting
  const flow = createActor(machines.onboarding, { input: { policy: eagerPolicy } }).start()
  const { actor, seen, enablings } = await carryThrough(setting, flow)
  await setting.whileTimePasses(api.close())
  return {
    output: actor.getSnapshot().output,
    account: withoutGhost(accountOf(portal)),
    doubled: doubledWrites(portal, enablings),
    isLockedOut: !portal.login().ok,
    timersLeft: clock.pending,
    seen,
  }
}

const withoutGhost = ({ invitations, ...account }: ReturnType<typeof accountOf>) => ({
  ...account,
  invitations: invitations.filter(({ workspaceBizId }) => workspaceBizId !== ghost),
})

const plain = await run()

test.each(Object.entries(dialects))('%s', async (_, portalOptions) => {
  const { output, account, doubled, isLockedOut, timersLeft, seen } = await run(portalOptions)
  expect(output, seen.join('\n')).toMatchObject({ outcome: 'completed', otpEnabled: true, ipWhitelistEnabled: true })
  expect(account).toEqual(plain.account)
  expect({ doubled, isLockedOut, timersLeft }).toEqual({ doubled: [], isLockedOut: false, timersLeft: 0 })
})
