import * as restate from '@restatedev/restate-sdk'
import { type OnboardingOutput, PortalError } from 'postlogin'
import type { DurableAction } from 'postlogin/durable'
import { isAtAnotherHop, type Shown, type WorkerHost } from '../durable/host.ts'

/** All that Restate keeps of a flow goes through the serde. */
interface FlowOptions {
  readonly serde: restate.Serde<unknown>
  /** How long what was called stays in the journal, in ms. */
  readonly retentionMs?: number
}

/** One virtual object for each user: one call at a time, and what it sets is kept. */
export function createFlow(host: WorkerHost, { serde, retentionMs = 0 }: FlowOptions) {
  async function advance(ctx: restate.ObjectContext, at: string | null, action?: DurableAction | null): Promise<Shown> {
    const options = { signal: ctx.request().attemptCompletedSignal }
    const [subject, accessToken] = [ctx.key, (await ctx.get<string>('accessToken')) ?? '']
    const step = (text: string | null, next?: DurableAction | null) =>
      ctx.run('step', async () => {
        const hop = await host.step({ subject, accessToken, text }, next, options)
        return { ...hop, delay: Math.max(0, (hop.wakeAt ?? 0) - Date.now()) }
      })

    // What comes back from `run` is in the journal by then: this is where the text is stored, also if the worker is lost.
    let hop = await step(at, action)
    while (hop.mustStore) {
      // For the next call, if an operator ends this one.
      ctx.set('text', hop.text)
      hop = await step(hop.text)
    }
    ctx.set('text', hop.text)
    const { screen, otpSetup, output, refused, wakeAt, delay } = hop
    ctx.set('shown', { screen, otpSetup: null, output, refused: null })
    if (output !== null) await end(ctx, output)
    else if (wakeAt === null) ctx.clear('wakeAt')
    else if (wakeAt !== (await ctx.get('wakeAt'))) {
      ctx.set('wakeAt', wakeAt)
      ctx.objectSendClient<Flow>({ name: 'flow' }, subject).deadline(wakeAt, restate.rpc.sendOpts({ delay }))
    }
    return { screen, otpSetup, output, refused }
  }

  async function end(ctx: restate.ObjectContext, output: OnboardingOutput) {
    for (const id of (await ctx.get<string[]>('waiting')) ?? []) ctx.resolveAwakeable(id, output, serde)
    for (const name of ['accessToken', 'text', 'wakeAt', 'waiting']) ctx.clear(name)
  }

  const { shared } = restate.handlers.object
  return restate.object({
    name: 'flow',
    handlers: {
      async begin(ctx: restate.ObjectContext, accessToken: string): Promise<Shown> {
        ctx.set('accessToken', accessToken)
        return advance(ctx, await ctx.get('text'))
      },
      async act(ctx: restate.ObjectContext, action: DurableAction): Promise<Shown> {
        const text = await ctx.get<string>('text')
        if (text !== null) return advance(ctx, text, action)
        throw new restate.TerminalError('There is no flow: it has ended, or was not begun.')
      },
      /** The deadline has come, unless another one took its place. */
      async deadline(ctx: restate.ObjectContext, at: number) {
        if (at !== (await ctx.get('wakeAt'))) return
        ctx.clear('wakeAt')
        await advance(ctx, await ctx.get('text'), null)
      },
      screen: shared(async (ctx: restate.ObjectSharedContext) => ctx.get<Shown>('shown')),
      output: shared(async (ctx: restate.ObjectSharedContext): Promise<OnboardingOutput> => {
        const { id, promise } = ctx.awakeable<OnboardingOutput>(serde as restate.Serde<OnboardingOutput>)
        ctx.objectSendClient<Flow>({ name: 'flow' }, ctx.key).await(id)
        return promise
      }),
      async await(ctx: restate.ObjectContext, id: string) {
        const { output = null } = (await ctx.get<Shown>('shown')) ?? {}
        if (output !== null) ctx.resolveAwakeable(id, output, serde)
        else ctx.set('waiting', [...((await ctx.get<string[]>('waiting')) ?? []), id])
      },
    },
    options: {
      serde,
      journalRetention: retentionMs,
      idempotencyRetention: retentionMs,
      retryPolicy: { initialInterval: 100, exponentiationFactor: 2, maxInterval: 2_000 },
      // What the host refuses, it refuses again.
      asTerminalError: (thrown) =>
        thrown instanceof PortalError && !isAtAnotherHop(thrown)
          ? new restate.TerminalError(thrown.message)
          : undefined,
    },
  })
}

export type Flow = ReturnType<typeof createFlow>
