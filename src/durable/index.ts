/**
 * `postlogin/durable`: the whole flow on a server, from stored text to stored text. It knows no engine.
 *
 * @module postlogin/durable
 */

export {
  createDurableHost,
  type DurableAction,
  type DurableHost,
  type DurableHostOptions,
  type Hop,
  type HopOptions,
  type MaskedScreen,
  revealScreen,
} from './durable-host.ts'
export { createWriteGate, type GatedApi, type Hold } from './write-gate.ts'
