/**
 * How long a write whose outcome is not known may still land, in ms: a proxy gives up on a portal that goes on all the same. Until
 * then a read that shows everything as before settles nothing.
 */
export const SETTLING_MS = 15_000

/** That long, or as long as a request may take where that is longer. */
export const settlingTime = (requestTimeoutMs = 0): number => Math.max(SETTLING_MS, requestTimeoutMs)
