import type { Clock } from '../../domain/clock.ts'
import {
  type ChannelEndpoints,
  createHostChannel,
  createLateChannel,
  type HostSession,
  type SecureChannel,
} from '../../secure-channel/index.ts'

/** The values of the option `secureChannel`. */
export type ChannelChoice = 'binary' | 'json' | 'off' | HostSession | SecureChannel

/** Whatever the host gave: is it one of those? */
export const isChannelChoice = (value: unknown): value is ChannelChoice =>
  value === 'binary' || value === 'json' || value === 'off' || isOwnChannel(value) || isHostSession(value)

/** The channel that the host chose; null for `off`. The code of ours is loaded when it is needed: who only reads does without. */
export function chooseChannel(
  choice: ChannelChoice,
  parts: { readonly endpoints: ChannelEndpoints; readonly clock: Clock; readonly clockOffset: () => number },
): SecureChannel | null {
  if (choice === 'off') return null
  if (typeof choice === 'string') {
    return createLateChannel(async () => {
      const { createSecureChannel } = await import('../../secure-channel/create-secure-channel.ts')
      return createSecureChannel({ format: choice, ...parts })
    })
  }
  return isOwnChannel(choice) ? choice : createHostChannel(choice)
}

/** A whole channel, whatever else it can do. */
const isOwnChannel = (value: unknown): value is SecureChannel => hasMethods(value, ['session', 'forget', 'close'])

/** It names a session and no more: what could encrypt, and is no whole channel, is not taken for it and its bodies let out in plain. */
const isHostSession = (value: unknown): value is HostSession =>
  hasMethods(value, ['sessionId']) && !hasMethods(value, ['session']) && !hasMethods(value, ['encrypt'])

const hasMethods = (value: unknown, names: readonly string[]) =>
  typeof value === 'object' && value !== null && names.every((name) => typeof Reflect.get(value, name) === 'function')
