import type { Clock } from '../domain/clock.ts'
import {
  type ChannelEndpoints,
  createHostChannel,
  createSecureChannel,
  type SecureChannel,
} from '../secure-channel/index.ts'
import type { ChannelChoice } from './options.ts'

/** The channel that the host chose; null for `off`. */
export function chooseChannel(
  choice: ChannelChoice,
  parts: { readonly endpoints: ChannelEndpoints; readonly clock: Clock; readonly clockOffset: () => number },
): SecureChannel | null {
  if (choice === 'off') return null
  if (typeof choice === 'string') return createSecureChannel({ format: choice, ...parts })
  return 'sessionId' in choice ? createHostChannel(choice) : choice
}
