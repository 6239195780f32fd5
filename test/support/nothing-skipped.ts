import type { Reporter, TestModule, Vitest } from 'vitest/node'

/**
 * Fails a run that left a test out: what was skipped has not been shown. Not where `-t` chose some tests: then leaving out the rest is
 * the point.
 */
export class NothingSkipped implements Reporter {
  #vitest: Vitest | undefined

  onInit(vitest: Vitest) {
    this.#vitest = vitest
  }

  onTestRunEnd(modules: readonly TestModule[]) {
    if (this.#vitest === undefined || this.#vitest.config.testNamePattern !== undefined) return
    const skipped = modules.flatMap(({ relativeModuleId, children }) =>
      [...children.allTests('skipped')].map(({ fullName }) => `  ${relativeModuleId} > ${fullName}`),
    )
    if (skipped.length === 0) return
    process.exitCode = 1
    this.#vitest.logger.error(`\nSkipped, which counts as failed (${skipped.length}):\n${skipped.join('\n')}`)
  }
}
