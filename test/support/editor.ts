import type {
  IpWhitelistContext,
  IpWhitelistEvent,
  StatusTag,
  WhitelistChangeContext,
  WhitelistChangeEvent,
} from 'postlogin'
import { onTestFinished } from 'vitest'
import { type ActorRefFrom, createActor, type SnapshotFrom, waitFor } from 'xstate'
import type { ipWhitelistMachine, whitelistChangeMachine } from '../../machines/index.ts'
import { fromStorage, toStorage } from '../../src/persist.ts'
import { placeOf } from './place.ts'
import { createSetting, type Setting } from './setting.ts'

type Editor = ActorRefFrom<typeof ipWhitelistMachine>
type Change = ActorRefFrom<typeof whitelistChangeMachine>

/** What the editor takes itself; everything else goes to the change that is under way, if there is one. */
const isForEditor = (type: string) => /^(entry|entries|draft|whitelist)\./.test(type)
const subject = { subject: 'maya' }

/** The whitelist's editor and the change that it makes, as one: where the user is, what there is to see, what he does. */
export async function openEditor(setting: Setting = createSetting(), input?: object) {
  let actor: Editor = await setting.start('ipWhitelist', input)
  setting.requestsSince()
  const change = () => actor.getSnapshot().children.whitelistChange as Change | undefined

  /** Sends it to whom it is for, and waits for nothing. */
  function send(event: IpWhitelistEvent | WhitelistChangeEvent) {
    const receiver = isForEditor(event.type) ? actor : (change() ?? actor)
    receiver.send(event as never)
  }
  const rest = () => setting.rest(actor)

  const tag = (name: StatusTag) => ((change() ?? actor).getSnapshot() as SnapshotFrom<Editor>).hasTag(name)
  const place = () => placeOf(change() ?? actor)

  return {
    ...setting,
    actor: () => actor,
    send,
    rest,
    async perform(event: IpWhitelistEvent | WhitelistChangeEvent) {
      send(event)
      await rest()
      return actor.getSnapshot()
    },
    place,
    /** Until the user, or what is under way, is there. */
    reaches: (there: string) => waitFor(actor, () => place() === there),
    tag,
    /** What both machines know; the change knows better. */
    state: (): IpWhitelistContext & Partial<WhitelistChangeContext> => ({
      ...actor.getSnapshot().context,
      ...(change()?.getSnapshot().context as Partial<WhitelistChangeContext>),
    }),
    inForce: () => setting.portal.account.ipWhitelist,
    /** Until no wait is left that ends by itself. */
    waitOut: () => setting.waitOut(actor),
    /** Lets time pass, and what it sets going come to rest. */
    async pass(ms: number) {
      await setting.clock.advance(ms)
      await rest()
    },
    /** The page is closed; … */
    close() {
      const text = toStorage(actor, subject)
      actor.stop()
      return text
    },
    /** … and opened again. */
    async reopen(text: string) {
      const { ipWhitelist } = setting.machines
      actor = createActor(ipWhitelist, { snapshot: fromStorage(ipWhitelist, text, subject) }).start()
      const restored = actor
      onTestFinished(() => void restored.stop())
      await rest()
    },
  }
}
