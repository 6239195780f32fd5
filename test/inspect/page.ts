/** Runs in the browser: the flow, the fake portal and the inspector's sender, driven by `browser.test.ts`. */
import { inspectInBrowser } from 'postlogin/inspect'
import { type AnyActorRef, createActor } from 'xstate'
import { createSetting } from '../support/setting.ts'
import { type Conditions, onboard, type Watch } from './scene.ts'

export interface Play extends Conditions {
  readonly inspectorUrl: string
  readonly dangerouslyInspectUnredacted?: true
}

/** The first flow in a window, the one after the reload in an iframe. */
function watchWith({ inspectorUrl: url, dangerouslyInspectUnredacted }: Play): Watch {
  let watched = 0
  return (actor, secrets) => {
    const iframe = watched++ === 0 ? undefined : document.body.appendChild(document.createElement('iframe'))
    return inspectInBrowser(actor, {
      url,
      secrets,
      ...(iframe && { iframe }),
      ...(dangerouslyInspectUnredacted && { dangerouslyInspectUnredacted }),
    })
  }
}

const page = {
  async play(play: Play) {
    const { secrets, ...run } = await onboard(watchWith(play), play)
    const { texts, codes, keys } = secrets
    return { ...run, secrets: { texts: [...texts], codes: [...codes], keys: keys.map((key) => [...key]) } }
  },

  /** One machine under the eyes of an inspector; gives its actor's id. */
  async start(inspectorUrl: string) {
    const { machines, rest } = createSetting()
    const actor = createActor(machines.sessions).start()
    started.push({ actor, inspection: inspectInBrowser(actor, { url: inspectorUrl }) })
    await rest(actor)
    return actor.sessionId
  },
  perform(type: string) {
    started.at(-1)?.actor.send({ type })
    // What is sent when the browser is idle, is sent before this.
    return new Promise<void>((resolve) => requestIdleCallback(() => resolve()))
  },
  stop() {
    started.at(-1)?.inspection.stop()
  },
}

const started: { actor: AnyActorRef; inspection: { stop(): void } }[] = []

export type Page = typeof page

Object.assign(globalThis, { page })
