import type { PortalApi, RequestOptions } from '../domain/portal-api.ts'
import type { ChannelEndpoints, SecureChannel } from '../secure-channel/index.ts'
import { createBearer } from './auth/bearer.ts'
import { createStepUp } from './auth/step-up.ts'
import { type CallOptions, type CallParts, call } from './call.ts'
import { channelEndpoints, type Endpoint, endpoints, mayLeadToChannel } from './endpoints.ts'
import { chooseChannel } from './options/channel-choice.ts'
import { type PortalApiOptions, readOptions } from './options/options.ts'
import * as inputs from './request/inputs.ts'
import { createPortalTime } from './time/portal-time.ts'
import { createTransport } from './transport/transport.ts'

/**
 * The portal over HTTP. It checks the options at once, and sends nothing until a method is called. Create one when a
 * user has signed in, keep it while they stay, and `close()` it when they leave.
 *
 * Its methods reject with `PortalError`; see `PortalApi`.
 *
 * @throws PortalError `client.option`, of kind `config`, where an option has a value that cannot be used; `field` names
 * the option.
 *
 * @example
 * ```ts
 * const api = createPortalApi({
 *   baseUrl: 'https://portal.example.com/prometheus',
 *   portalAccessCode,
 *   clientHash,
 *   accessToken: () => accessToken,
 *   fetch: portal.fetch, // the fake portal's; leave it out to use the platform's
 * })
 * const sessions = await api.listSessions()
 * sessions.some(({ isCurrent }) => isCurrent) // => true
 * await api.close()
 * ```
 */
export function createPortalApi(options: PortalApiOptions): Required<PortalApi> {
  return connectPortal(options).api
}

/** What `createPortalApi` gives, and the channel below it: null where bodies go as they are. */
export function connectPortal(options: PortalApiOptions): {
  readonly api: Required<PortalApi>
  readonly channel: SecureChannel | null
} {
  const settings = readOptions(options)
  const time = createPortalTime(settings.clock)
  const shared = { settings, time, transport: createTransport(settings), bearer: createBearer(settings) }
  const channel = chooseChannel(settings.secureChannel, {
    endpoints: channelApi({ ...shared, channel: null, stepUp: null }),
    clock: settings.clock,
    clockOffset: time.offset,
  })
  const parts: CallParts = {
    ...shared,
    channel,
    stepUp: settings.stepUp && createStepUp(settings.stepUp, settings.clock),
  }
  const warmUp = once(channel)
  let closing = new AbortController()

  const read = async <Result>(endpoint: Endpoint<unknown, Result>, options?: RequestOptions): Promise<Result> => {
    const result = await call(parts, endpoint, {}, { ...checked(options), closed: closing.signal })
    // The user is known and now has something to read: the time to make the channel that their first change will need.
    if (settings.warmUp && mayLeadToChannel(endpoint)) warmUp.run()
    return result
  }
  const write = async <Input extends object, Result>(
    endpoint: Endpoint<Input, Result>,
    input: () => Input | Promise<Input>,
    options?: RequestOptions,
  ): Promise<Result> => {
    const callOptions = { ...checked(options), closed: closing.signal }
    return call(parts, endpoint, await input(), callOptions)
  }

  const api: Required<PortalApi> = {
    listMfaMethods: (_, options) => read(endpoints.listMfaMethods, options),
    setupOtp: (_, options) => write(endpoints.setupOtp, nothing, options),
    verifyOtp: (input, options) => write(endpoints.verifyOtp, () => inputs.codeInput(input), options),
    revokeOtp: (_, options) => write(endpoints.revokeOtp, nothing, options),
    getBackupCodeStatus: (_, options) => read(endpoints.getBackupCodeStatus, options),

    getIpWhitelist: (_, options) => read(endpoints.getIpWhitelist, options),
    replaceIpWhitelist: (input, options) =>
      write(endpoints.replaceIpWhitelist, () => inputs.entriesInput(input), options),
    enableIpWhitelist: (_, options) => write(endpoints.enableIpWhitelist, nothing, options),
    disableIpWhitelist: (_, options) => write(endpoints.disableIpWhitelist, nothing, options),

    listSessions: (_, options) => read(endpoints.listSessions, options),
    terminateSession: (input, options) => write(endpoints.terminateSession, () => inputs.sessionInput(input), options),
    terminateOtherSessions: (_, options) => write(endpoints.terminateOtherSessions, nothing, options),

    listInvitations: (_, options) => read(endpoints.listInvitations, options),
    acceptInvitation: (input, options) =>
      write(endpoints.acceptInvitation, () => inputs.invitationInput(input), options),
    declineInvitation: (input, options) =>
      write(endpoints.declineInvitation, () => inputs.declineInput(input), options),

    listWorkspaces: (_, options) => read(endpoints.listWorkspaces, options),
    setDefaultWorkspace: (input, options) =>
      write(endpoints.setDefaultWorkspace, () => inputs.workspaceInput(input), options),

    async close() {
      warmUp.cancel()
      closing.abort()
      closing = new AbortController()
      try {
        await channel?.close()
      } catch {
        // A channel of the host's that cannot be closed ends by itself.
      }
    },
    clockOffset: time.offset,
    timeoutMs: settings.timeoutMs,
  }
  return { api, channel }
}

/** The input of a method that takes none. */
const nothing = () => ({})

/**
 * What cannot be sent is refused before anything is. Each call listens to a signal of its own, which follows the host's: Node warns of
 * a leak where one signal has more than ten listeners, and a host may give one to all of its calls.
 */
function checked(options: RequestOptions | undefined): CallOptions {
  const requestId = inputs.requestIdInput(options?.requestId)
  const signal = inputs.signalInput(options?.signal)
  const onStepUp = inputs.onStepUpInput(options?.onStepUp)
  return {
    ...(onStepUp === undefined ? {} : { onStepUp }),
    ...(signal === undefined ? {} : { signal: AbortSignal.any([signal]) }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}

/** Warms the channel up at the first chance, and never after it was closed: nobody would close that session. */
function once(channel: SecureChannel | null) {
  let isDue = true
  return {
    run() {
      if (!isDue) return
      isDue = false
      // Whatever comes of a host's own, a promise that it may have made included, is left for the request that needs the channel.
      new Promise((resolve) => resolve(channel?.warmUp?.())).catch(() => {})
    },
    cancel() {
      isDue = false
    },
  }
}

/** The channel's endpoints, called like any other, but without a token and outside the channel. */
const channelApi = (parts: CallParts): ChannelEndpoints => ({
  getPublicKey: (signal) => call(parts, channelEndpoints.getChannelKey, {}, { signal }),
  openSession: (keys) => call(parts, channelEndpoints.openChannel, keys),
  closeSession: (session) => call(parts, channelEndpoints.closeChannel, {}, { about: session }),
})
