import type { StatelyInspectionEvent } from '@statelyai/inspect'
import type { InspectionEvent } from 'xstate'
import { createRedactor } from './redactor.ts'

export interface RedactionOptions {
  /**
   * Values that must not be seen, asked for with each event: tokens, the portal access code. They enter no machine of this package;
   * list them, and they are masked also where something of yours lets them slip in.
   */
  readonly secrets?: () => Iterable<string | null | undefined>
  /**
   * Masks what else you do not want to be seen. It gets a copy that is redacted already, and what it gives back is redacted again:
   * it can only take away.
   */
  readonly redact?: (event: StatelyInspectionEvent) => StatelyInspectionEvent
  /** Sends everything as it is. Never where anybody but you can see it. */
  readonly dangerouslyInspectUnredacted?: true
}

export interface Redaction {
  /** Learns the secrets of an event at once: by the time it is sent, they are JSON already and look like nothing. */
  watch(event: InspectionEvent): void
  /** For the inspector's hook of that name, through which everything goes that leaves. Fails closed. */
  readonly serialize?: (event: StatelyInspectionEvent) => StatelyInspectionEvent
}

export function createRedaction({ secrets, redact, dangerouslyInspectUnredacted }: RedactionOptions): Redaction {
  if (dangerouslyInspectUnredacted === true) {
    return { watch: () => {}, ...(redact === undefined ? {} : { serialize: redact }) }
  }
  const redactor = createRedactor()
  const learnListed = () => {
    for (const secret of secrets?.() ?? []) if (typeof secret === 'string') redactor.learn(secret)
  }
  const withoutSecrets = (event: StatelyInspectionEvent) => redactor.redact(event) as StatelyInspectionEvent

  return {
    watch(event) {
      try {
        learnListed()
        if (event.type === '@xstate.event' || event.type === '@xstate.snapshot') redactor.learnFrom(event.event)
        if (event.type === '@xstate.snapshot') redactor.learnFrom(event.snapshot)
      } catch {
        // The flow must not suffer from being watched; what could not be read here is withheld when it is sent.
      }
    },
    serialize(event) {
      try {
        learnListed()
        redactor.learnFrom(event)
        const redacted = withoutSecrets(event)
        return redact === undefined ? redacted : withoutSecrets(checked(redact(redacted)))
      } catch {
        return withheld(event)
      }
    },
  }
}

/** Nothing at all would make the inspector send the event as it was. */
function checked(event: unknown): StatelyInspectionEvent {
  if (typeof event !== 'object' || event === null) throw new TypeError('redact must give an event back')
  return event as StatelyInspectionEvent
}

/** What can be told of an event that must not, or cannot, be shown: that it took place. */
export function withheld({
  type,
  sessionId,
  rootId,
  createdAt,
  _version,
}: StatelyInspectionEvent): StatelyInspectionEvent {
  const about = { sessionId, rootId: rootId ?? sessionId, createdAt, _version, id: '' }
  const event = { type: '[withheld: its redaction failed]' }
  if (type === '@xstate.event') return { ...about, type, event, sourceId: undefined }
  const snapshot = { status: 'active', output: undefined, error: undefined } as const
  if (type === '@xstate.snapshot') return { ...about, type, event, snapshot }
  return { ...about, type, snapshot, name: sessionId, definition: undefined, parentId: undefined }
}
