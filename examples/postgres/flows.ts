import { setTimeout as pause } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import type { OnboardingOutput } from 'postlogin'
import type { DurableAction, MaskedScreen } from 'postlogin/durable'
import type { RevealedHop, Shown, WorkerHost } from '../durable/host.ts'
import type { Serde } from '../durable/serde.ts'

/** One row is one flow; what is locked is at a hop. */
export const TABLE = `
  create table flows (
    subject text primary key,
    build text not null,
    access_token bytea not null,
    text text,
    screen json,
    output json,
    announced boolean not null default false,
    wake_at bigint
  );
  create index on flows (wake_at);`

interface Row {
  readonly subject: string
  readonly build: string
  readonly access_token: Buffer
  readonly text: string | null
  readonly screen: MaskedScreen
  readonly output: OnboardingOutput | null
}

/** When others go on with a flow whose worker is gone, in ms. */
const GRACE_MS = 2_000
/** When a flow that failed is tried again, in ms. */
const RETRY_MS = 10_000
/** How often each worker looks for what is due, in ms. */
const LOOK_MS = 200

const DUE = 'wake_at <= $1 and build = $2 order by wake_at limit 1 for update skip locked'
const STORE = 'update flows set text = $2, screen = $3, output = $4, announced = $5, wake_at = $6 where subject = $1'
const POSTPONED = 'update flows set wake_at = $2 where subject = $1 and wake_at < $2'

/** The HTTP status for it. */
export const MISDIRECTED = 421

/** The flow belongs to workers of another build. */
export class OtherBuild extends Error {}

/** The flows of one table; any number of workers may have it. Each goes on with those of its build. */
export function createFlows(pool: Pool, { host, serde, build }: { host: WorkerHost; serde: Serde; build: string }) {
  /** One hop of the row that is found, in a transaction of its own: it is stored, or has not been. Null: there is no such row. */
  async function hop(where: string, values: unknown[], action?: DurableAction | null): Promise<RevealedHop | null> {
    const client = await pool.connect()
    let row: Row | undefined
    try {
      await client.query('begin')
      row = (await client.query<Row>(`select * from flows where ${where}`, values)).rows[0]
      const hop = row === undefined ? null : await advance(client, row, action)
      await client.query('commit')
      return hop
    } catch (thrown) {
      await client.query('rollback')
      // The others come first.
      if (row !== undefined) await client.query(POSTPONED, [row.subject, Date.now() + RETRY_MS])
      throw thrown
    } finally {
      client.release()
    }
  }

  async function advance(client: PoolClient, { subject, access_token, text }: Row, action?: DurableAction | null) {
    const accessToken = String(serde.deserialize(access_token))
    const hop = await host.step({ subject, accessToken, text }, action)
    const wakeAt = hop.mustStore ? Date.now() + GRACE_MS : hop.wakeAt
    await client.query(STORE, [
      subject,
      hop.text,
      JSON.stringify(hop.screen),
      hop.output === null ? null : JSON.stringify(hop.output),
      hop.mustStore,
      hop.output === null ? wakeAt : null,
    ])
    return hop
  }

  /** On to where it rests; another worker may have gone on with it meanwhile. */
  async function goOn(subject: string, action?: DurableAction): Promise<Shown> {
    const { rows } = await pool.query<Row>('select build from flows where subject = $1', [subject])
    if (rows[0] !== undefined && rows[0].build !== build) throw new OtherBuild(`${subject} is of another build`)
    let latest = await hop('subject = $1 and build = $2 and output is null for update', [subject, build], action)
    while (latest?.mustStore) latest = await hop('subject = $1 and text = $2 for update', [subject, latest.text])
    if (latest === null) return read(subject)
    const { screen, otpSetup, output, refused } = latest
    return { screen, otpSetup, output, refused }
  }

  async function read(subject: string): Promise<Shown> {
    const { rows } = await pool.query<Row>('select screen, output from flows where subject = $1', [subject])
    if (rows[0] === undefined) throw new Error(`${subject} has no flow`)
    return { ...rows[0], otpSetup: null, refused: null }
  }

  return {
    async begin(subject: string, accessToken: string) {
      await pool.query(
        `insert into flows (subject, build, access_token, wake_at) values ($1, $2, $3, $4)
        on conflict (subject) do update set access_token = $3`,
        [subject, build, serde.serialize(accessToken), Date.now() + GRACE_MS],
      )
      return goOn(subject)
    },
    act: goOn,
    read,
    /** Goes on with what is due, as long as the process lives. */
    async watch(): Promise<never> {
      for (;;) {
        const taken = await hop(DUE, [Date.now(), build], null).catch((thrown: unknown) => console.error(thrown))
        if (!taken) await pause(LOOK_MS)
      }
    },
  }
}
