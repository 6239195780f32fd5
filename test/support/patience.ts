/**
 * How long a test waits for one thing, in ms of real time: a page, a child process, a machine that settles. Only what hangs takes as long, on the
 * busiest computer too, and then what was waited for is named. No outcome depends on it.
 */
export const PATIENCE_MS = 60_000
