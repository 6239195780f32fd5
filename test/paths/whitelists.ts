import type { IpWhitelist, Session, SessionAddresses } from 'postlogin'
import { type Reading, readEnds } from './outcomes.ts'

/** The lists that the walks of the whitelist's machines need, and what their reads can tell. */

export const here = '203.0.113.10'
export const office = '198.51.100.0/24'
export const sessions: readonly Session[] = [{ sessionId: 'SESS...C_001', clientIp: here, isCurrent: true }]
/** What these sessions tell. */
export const addresses: SessionAddresses = { current: here, others: [] }

export const on = (...entries: readonly string[]): IpWhitelist => ({ enabled: true, entries })
export const off = (...entries: readonly string[]): IpWhitelist => ({ enabled: false, entries })

export const nameOf = ({ enabled, entries }: IpWhitelist) => [enabled ? 'on' : 'off', ...entries].join(' ')
export const isSame = (a: IpWhitelist, b: IpWhitelist) => nameOf(a) === nameOf(b)

export const shown = (whitelist: IpWhitelist): Reading => ({
  output: whitelist,
  account: (draft) => {
    draft.ipWhitelist = { enabled: whitelist.enabled, entries: [...whitelist.entries] }
  },
})

/** A read of the list, which tells one of these. */
export const listEnds = (id: string, lists: readonly IpWhitelist[]) =>
  readEnds(id, Object.fromEntries(lists.map((list) => [nameOf(list), shown(list)])))

/** A read of the sessions, which tells where the user is. */
export const addressEnds = (id: string) =>
  readEnds(id, {
    here: {
      output: sessions,
      account: (draft) => {
        draft.sessions = draft.sessions.filter(({ isCurrent }) => isCurrent)
      },
    },
  })
