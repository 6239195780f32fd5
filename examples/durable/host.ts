import { createPortalApi, isSealed, type OnboardingOutput, PortalError } from 'postlogin'
import {
  createDurableHost,
  type DurableAction,
  type Hop,
  type HopOptions,
  type MaskedScreen,
  revealScreen,
} from 'postlogin/durable'

/** What the user is shown. */
export interface Shown {
  readonly screen: MaskedScreen
  /** For the QR code, and for typing in by hand; only in the answer to the one who asked for it. */
  readonly otpSetup: { readonly qrCodeUri: string; readonly secret: string } | null
  readonly output: OnboardingOutput | null
  /** Why the flow has begun afresh, by the code of the refused text; null: it goes on. */
  readonly refused: string | null
}

/** A hop with the secrets of its screen beside it: not to be stored in plain. */
export type RevealedHop = Hop & Pick<Shown, 'otpSetup' | 'refused'>

/** Runs the flows of one worker. */
export interface WorkerHost {
  /** One hop with the access token of the account. A text of another version begins afresh. */
  step(
    flow: { readonly subject: string; readonly accessToken: string; readonly text: string | null },
    action?: DurableAction | null,
    options?: HopOptions,
  ): Promise<RevealedHop>
}

/** What a worker is told when it is started. */
export interface WorkerSettings {
  /** The portals; the account is the last part of the path. */
  readonly portalUrl: string
  readonly portalAccessCode: string
  readonly clientHash: string | null
  /** What state, arguments and results are encrypted with; without it they are plain, which only a test wants. */
  readonly secret: string | null
  /** As `OnboardingInput` has it. */
  readonly confirmWithinMs?: number
}

/** What `startWorkers` put into the environment. The worker ends with the process that started it, however that ends. */
export function workerSettings<Settings extends WorkerSettings>(): Settings {
  process.stdin.once('end', () => process.exit()).resume()
  return JSON.parse(process.env.WORKER_SETTINGS ?? '{}')
}

const OTHER_VERSION = ['client.storageVersion', 'client.storageText']

export function createWorkerHost({
  portalUrl,
  portalAccessCode,
  clientHash,
  confirmWithinMs,
}: WorkerSettings): WorkerHost {
  const tokens = new Map<string, string>()
  const host = createDurableHost({
    api: (subject) =>
      createPortalApi({
        baseUrl: `${portalUrl}/${subject}`,
        portalAccessCode,
        clientHash,
        accessToken: () => tokens.get(subject) ?? '',
        // The next action may find the flow in another worker.
        warmUp: false,
      }),
    input: {
      policy: { invitations: 'require', mfa: 'require', ipWhitelist: 'require', sessions: 'require' },
      confirmWithinMs,
    },
  })
  return {
    async step({ subject, accessToken, text }, action, options) {
      tokens.set(subject, accessToken)
      let refused: string | null = null
      const hop = await host.step(subject, text, action, options).catch((thrown: unknown) => {
        refused = thrown instanceof PortalError ? thrown.failure.code : null
        if (refused === null || !OTHER_VERSION.includes(refused) || text === null) throw thrown
        return host.beginAfresh(subject, text, options)
      })
      return { ...hop, otpSetup: otpSetupOf(hop), refused }
    },
  }
}

function otpSetupOf(hop: Hop): Shown['otpSetup'] {
  const screen = revealScreen(hop)
  const setup = screen.name === 'otpEnrollment' ? screen.otpSetup : null
  if (!isSealed(setup?.qrCodeUri) || !isSealed(setup?.secret)) return null
  return { qrCodeUri: setup.qrCodeUri.reveal(), secret: setup.secret.reveal() }
}

/** Is the account still at a hop that nobody waits for any more? It ends soon. */
export const isAtAnotherHop = (thrown: unknown) =>
  thrown instanceof PortalError && thrown.failure.code === 'client.input' && thrown.failure.field === 'subject'
