import { defineConfig, mergeConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import base from './vitest.config.ts'

const { include: _, ...rest } = base.test ?? {}

/** The rules’ own tests first, and what walks through everything last: a mutant is judged by the first test that fails. */
class RulesFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]) {
    const places = [/test\/domain/, /test\/machines\/(?!onboarding)/, /./]
    const rank = ({ moduleId }: TestSpecification) => places.findIndex((place) => place.test(moduleId))
    return [...files].sort((a, b) => rank(a) - rank(b) || (a.moduleId < b.moduleId ? -1 : 1))
  }
}

/** What Stryker runs: the tests that bear on the rules and the charts, quick and the same every time. */
export default mergeConfig(
  { ...base, test: rest },
  defineConfig({
    test: {
      include: ['test/{domain,machines}/**/*.test.ts', 'test/{patterns,persist,two-tabs}.test.ts'],
      // These two read the sources and the literals, which Stryker rewrites and leaves alone.
      exclude: ['test/machines/{structure,diagrams}.test.ts'],
      setupFiles: ['test/support/mutation.ts'],
      sequence: { sequencer: RulesFirst },
      // Modules are evaluated once for all files: what is mutated at import is left out anyway.
      isolate: false,
    },
  }),
)
