import * as z from 'zod/mini'
import { isEntry, isListed } from '../oracle/ip-range.ts'
import type { Schema } from '../schema.ts'
import type { Call, Result, World } from '../world.ts'
import { permissionDenied, type Refusal } from './refusal.ts'
import { noBody, readBody } from './request-body.ts'

/** Addresses and ranges; or what the portal has listed before, whatever that is. */
const entriesBeside = (listed: readonly (string | null)[]): Schema<string[]> =>
  z.array(
    z
      .string('must hold nothing but strings')
      .check(
        z.refine(
          (entry) => isEntry(entry) || listed.includes(entry),
          'must hold nothing but IP addresses and CIDR ranges',
        ),
      ),
    'must be a list',
  )

export function getIpWhitelist({ account }: World): Result {
  return { data: { enabled: account.ipWhitelist.enabled, entries: [...account.ipWhitelist.entries] } }
}

/** The old list goes, the new one stands, the switch stays (docs/contract.md#whitelist-replace). Entries are kept as they are written. */
export function replaceIpWhitelist(world: World, { body }: Call): Result {
  const { entries } = readBody(body, { entries: entriesBeside(world.account.ipWhitelist.entries) })
  const { storesEntries, echoesEntries } = world.behavior
  world.account.ipWhitelist.entries = [...(storesEntries?.(entries) ?? entries)]
  const { enabled } = world.account.ipWhitelist
  return echoesEntries === 'sent' ? { data: { enabled, entries } } : getIpWhitelist(world)
}

/** Asks nothing, not even that the list lets the caller in: that is the client's care (docs/contract.md#whitelist-switch). */
export const switchIpWhitelist =
  (enabled: boolean) =>
  (world: World, { body }: Call): Result => {
    noBody(body)
    world.account.ipWhitelist.enabled = enabled
    return world.behavior.dialect.whitelistSwitch === 'whitelist' ? getIpWhitelist(world) : { noContent: '204' }
  }

/** Why nobody may come in from this address; null if anybody may. The code is inferred: none is documented (docs/contract.md#whitelist-switch). */
export function addressRefusal({ account }: World, address: string): Refusal | null {
  const { enabled, entries } = account.ipWhitelist
  return enabled && !isListed(entries, address) ? permissionDenied() : null
}
