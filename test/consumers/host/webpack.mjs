import { resolve } from 'node:path'
import webpack from 'webpack'

const output = { path: resolve('out/webpack'), filename: 'entry.js' }
webpack({ mode: 'production', entry: './entry.js', output }, (error, stats) => {
  if (error) throw error
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString())
})
