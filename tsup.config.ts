import { defineConfig } from 'tsup'

const entries = { index: 'src/index.ts', inspect: 'src/inspect/index.ts', testing: 'src/testing/index.ts' }

export default defineConfig({
  // A chunk a layer, so that a bundler can leave out the charts, the adapter, or the schemas of what is stored.
  entry: { ...entries, machines: 'machines/index.ts', api: 'src/api/index.ts', persist: 'src/persist.ts' },
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/],
  treeshake: true,
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: { entry: entries, compilerOptions: { ignoreDeprecations: '6.0' } },
})
