import { build } from 'vite'

await build({ configFile: false, logLevel: 'warn', build: { outDir: 'out/vite', target: 'es2022' } })
