import { describe, expect, it } from 'vitest'
import { setUp, verdict } from '../raw-client.ts'

describe('the workspaces', () => {
  it('are listed with what may be done with them', async () => {
    const { get } = setUp()
    const { status, json } = await get('/workspaces/mine')
    expect(status).toBe(200)
    expect(json.data).toMatchObject([
      {
        workspaceBizId: 'WS_HOME_001',
        workspaceName: 'Maya’s Workspace',
        workspaceKind: { code: 'LIVE', value: 10010801 },
        joinSource: { code: 'CREATED', value: 10040101 },
        isOwner: true,
        isDefault: true,
        enterable: true,
        defaultEligible: true,
      },
      { workspaceBizId: 'WS_LAB_001', isOwner: false, isDefault: false },
    ])
  })

  it('have one default, which can be moved', async () => {
    const { post, portal } = setUp()
    const { status, json } = await post('/workspaces/WS_LAB_001/default')
    expect([status, json.data]).toEqual([200, {}])
    expect(portal.account.workspaces.map(({ isDefault }) => isDefault)).toEqual([false, true])
  })

  it('do not all qualify', async () => {
    const { post, portal } = setUp()
    portal.update((draft) => {
      for (const workspace of draft.workspaces) workspace.defaultEligible = false
    })
    expect(verdict(await post('/workspaces/WS_LAB_001/default'))).toEqual([403, 'ACCESS.PERMISSION_DENIED'])
    expect((await post('/workspaces/WS_NOPE/default')).status).toBe(404)
    expect(portal.account.workspaces.map(({ isDefault }) => isDefault)).toEqual([true, false])
  })
})
