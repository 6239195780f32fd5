import commonjs from '@rollup/plugin-commonjs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'

const bundle = await rollup({ input: 'entry.js', plugins: [nodeResolve({ browser: true }), commonjs()] })
await bundle.write({ dir: 'out/rollup', format: 'es' })
