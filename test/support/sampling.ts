/** Is every case wanted, or a sample? */
export const isComplete = process.env.SWEEP === 'complete'

/** What the samples are drawn by; printed, so that a run can be repeated. */
export const seed = Number(process.env.SEED ?? Date.now() % 1_000_000)

/** Mulberry32: small, and the same everywhere. Numbers from 0 up to 1. */
export function createRandom(start: number) {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `size` of the items, none twice. */
export function sample<Item>(items: readonly Item[], size: number, random: () => number): Item[] {
  const pool = [...items]
  return Array.from({ length: Math.min(size, pool.length) }, () =>
    pool.splice(Math.floor(random() * pool.length), 1),
  ).flat()
}
