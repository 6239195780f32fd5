import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', inspect: 'src/inspect/index.ts', testing: 'src/testing/index.ts' },
  format: ['esm'],
  target: 'es2022',
  platform: 'neutral',
  external: [/^node:/],
  treeshake: true,
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
})
