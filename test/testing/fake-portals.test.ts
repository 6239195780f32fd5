import { createPortalApi } from 'postlogin'
import { createFakePortal, createFakePortals, servePortal } from 'postlogin/testing'
import { expect, onTestFinished, test } from 'vitest'
import '../support/key-pair.ts'

async function serveAccounts() {
  const portals = createFakePortals((account) => createFakePortal({ account: { email: `${account}@example.com` } }))
  const server = await servePortal(portals)
  onTestFinished(() => server.close())
  const apiOf = (account: string, contextPath = `/prometheus/${encodeURIComponent(account)}`) => {
    const { portalAccessCode, clientHash, accessToken } = portals.portal(account).account
    const api = createPortalApi({
      baseUrl: server.url + contextPath,
      portalAccessCode,
      clientHash,
      accessToken: () => accessToken,
    })
    onTestFinished(() => api.close())
    return api
  }
  return { portals, apiOf }
}

test('one server for many accounts: what one of them does, the others do not see', async () => {
  const { portals, apiOf } = await serveAccounts()
  await apiOf('maya').terminateOtherSessions()
  expect(await apiOf('maya').listSessions()).toHaveLength(1)
  expect(await apiOf('ben & söhne').listSessions()).toHaveLength(3)
  expect(portals.portal('ben & söhne').processed('terminateOtherSessions')).toBe(0)
  expect(portals.portal('ben & söhne')).toBe(portals.portal('ben & söhne'))
})

test('a request object is routed as well, with its body', async () => {
  const { portals } = await serveAccounts()
  const request = new Request('https://portal.example/maya/web/v1/system/profile/invitations', {
    method: 'POST',
    body: '{}',
  })
  expect((await portals.fetch(request)).status).toBeGreaterThanOrEqual(400)
  expect(portals.portal('maya').requests).toHaveLength(1)
})

test('a path without an account is no portal', async () => {
  const { portals } = await serveAccounts()
  await expect(portals.fetch('https://portal.example/web/v1/system/sessions')).rejects.toThrow(
    'No account is named in https://portal.example/web/v1/system/sessions: put it before /web/v1/',
  )
})
