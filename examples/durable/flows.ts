import type { OnboardingOutput } from 'postlogin'
import type { DurableAction } from 'postlogin/durable'
import type { Shown, WorkerSettings } from './host.ts'

/** The flows of all users, as whoever serves the users calls them. */
export interface Flows {
  /** Begins, with what the user signed in with. */
  begin(subject: string, accessToken: string): Promise<Shown>
  act(subject: string, action: DurableAction): Promise<Shown>
  /** What is on screen now, without secrets. */
  screen(subject: string): Promise<Shown>
  /** What the flow ends with, once it has. */
  output(subject: string): Promise<OnboardingOutput>
}

/** An engine with its workers, on this computer. */
export interface Engine {
  readonly flows: Flows
  /** How many workers there are. */
  readonly workers: number
  /** The ids of their processes. */
  pids(): readonly number[]
  kill(worker: number): Promise<void>
  restart(worker: number): Promise<void>
  /** Starts as many workers of another build beside these, by the folder of its repository. What begins, begins there. */
  release(build: string): Promise<void>
  /** Ends the former ones. What they have announced, they do; all else goes to those of the build that was released. */
  retire(): Promise<void>
  /** What is still to be done though all flows have ended: for people, one line each. */
  leftovers(): Promise<readonly string[]>
  /** The flow as it is stored now; null: it is not. Only where it is stored in plain. */
  stored(subject: string): Promise<string | null>
  /** All values of the engine's tables, bytes in hex, for whoever looks for what must not be in them. */
  dump(): Promise<string>
  close(): Promise<void>
}

/** What an engine is started with. */
export interface EngineOptions extends WorkerSettings {
  /** How many workers; default 2. */
  readonly workers?: number
  /** How long the engine keeps what is over, in ms; default 0. */
  readonly retentionMs?: number
}
