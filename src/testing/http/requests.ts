import type { PortalOperation } from '../endpoints/routes.ts'
import { deepFreeze } from '../frozen.ts'

/** A request as the portal saw it. */
export interface PortalRequest {
  /** Named after the method of `PortalApi`, where there is one; null for a path that does not exist. */
  readonly operation: PortalOperation | null
  readonly method: string
  /** From `/web/v1/` on; what stands before it is the context path. */
  readonly path: string
  readonly url: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The JSON that was sent, decrypted; null where there was none or it could not be read. */
  readonly body: unknown
  /** Did the body arrive in an envelope that could be opened? */
  readonly encrypted: boolean
  /** What was answered; null where nothing was: lost, hanging, or given up by the caller. */
  readonly status: number | null
  /** Did the portal do what was asked? True even where the reply was lost; false where it was refused. */
  readonly processed: boolean
  /** When it was sent, epoch ms on the shared clock. */
  readonly at: number
}

/** The same while it is being dealt with. */
export type OpenRequest = { -readonly [Key in keyof PortalRequest]: PortalRequest[Key] }

export const snapshot = (request: OpenRequest): PortalRequest => deepFreeze({ ...request })
