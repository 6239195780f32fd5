import type { InspectionEvent } from 'xstate'
import { createRedactor } from './redactor.ts'
import { type StatelyInspectionEvent, toJson } from './stately.ts'

/** What to hide from the inspector besides what is masked anyway: sealed values, tokens, codes and session ids. */
export interface RedactionOptions {
  /**
   * Values that nobody must see, such as tokens and the portal access code; asked for with every event. They enter no
   * machine of this package. List them, and they are masked even where your own code lets them in.
   */
  readonly secrets?: () => Iterable<string | null | undefined>
  /**
   * Masks whatever else you want to hide. It gets a redacted copy, and its result is redacted again: it can only take
   * away.
   */
  readonly redact?: (event: StatelyInspectionEvent) => StatelyInspectionEvent
  /** Sends everything as it is. Use it only where nobody but you can see it. */
  readonly dangerouslyInspectUnredacted?: true
}

export interface Redaction {
  /** Learns the secrets of an event at once: by the time it is sent, they may be JSON and cannot be recognized. */
  watch(event: InspectionEvent): void
  /** Everything passes it before it leaves, and is plain JSON then. Fails closed. */
  readonly serialize: (event: StatelyInspectionEvent) => StatelyInspectionEvent
}

export function createRedaction({ secrets, redact, dangerouslyInspectUnredacted }: RedactionOptions): Redaction {
  if (dangerouslyInspectUnredacted === true) {
    return {
      watch: () => {},
      serialize(event) {
        try {
          return toJson(redact?.(event) ?? event)
        } catch {
          return withheld(event)
        }
      },
    }
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
        // Watching must not break the flow. What could not be read here is withheld when it is sent.
      }
    },
    serialize(event) {
      try {
        learnListed()
        redactor.learnFrom(event)
        // Of a snapshot, which may hold anything, no more is copied than the inspector shows.
        const shown = event.type === '@xstate.snapshot' ? { ...event, snapshot: toJson(event.snapshot) } : event
        const redacted = withoutSecrets(shown)
        return redact === undefined ? redacted : withoutSecrets(checked(redact(redacted)))
      } catch {
        return withheld(event)
      }
    },
  }
}

/** If nothing were returned, the inspector would send the event as it was. */
function checked(event: unknown): StatelyInspectionEvent {
  if (typeof event !== 'object' || event === null) throw new TypeError('redact must give an event back')
  return event as StatelyInspectionEvent
}

/** All that is sent of an event that must not, or cannot, be shown: that it happened. */
function withheld({ type, sessionId, rootId, createdAt, _version }: StatelyInspectionEvent): StatelyInspectionEvent {
  const about = { sessionId, rootId: rootId ?? sessionId, createdAt, _version, id: null }
  const event = { type: '[withheld: its redaction failed]' }
  if (type === '@xstate.event') return { ...about, type, event, sourceId: undefined }
  const snapshot = { status: 'active', output: undefined, error: undefined } as const
  if (type === '@xstate.snapshot') return { ...about, type, event, snapshot }
  return { ...about, type, snapshot, name: sessionId, definition: undefined, parentId: undefined }
}
