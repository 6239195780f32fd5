import { createFakePortal } from 'postlogin/testing'

// The channel's key pair is made once for a process and takes a while on a busy machine: here, where nothing waits for it.
const { fetch, account } = createFakePortal()
const { ok: isWarm } = await fetch('https://portal.example/web/v1/secure-channel/public-key', {
  headers: {
    'Content-Type': 'application/json',
    'X-PORTAL-ACCESS-CODE': account.portalAccessCode,
    'X-Client-Hash': account.clientHash ?? '',
    'X-Request-Id': crypto.randomUUID(),
  },
})
if (!isWarm) throw new Error('The key pair was not made: the portal refused to show the key')
