import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { bundle, type Embedding, embeddings, sampleOf } from './embedding.ts'

/** A plain Node has none of these; here even to ask for one is an error. The frameworks themselves ask, so it is for our own code. */
const noBrowser = `for (const name of ['window', 'document', 'sessionStorage', 'localStorage', 'location']) {
  Object.defineProperty(globalThis, name, { get() { throw new Error('Touched ' + name) } })
}`

const run = (script: string) =>
  spawnSync(process.execPath, ['--input-type=module'], { input: script, encoding: 'utf8' })

const rendered = Object.keys(embeddings).filter((title) => embeddings[title]?.render !== null)

describe.each(rendered)('%s on a server', (title) => {
  const embedding = embeddings[title] as Embedding

  test('renders the first screen and touches no window', async () => {
    const around = embedding.render ?? ''
    const code = await bundle(embedding, { sample: sampleOf(title), around, onServer: true })
    const { stdout, stderr, status } = run(code)
    expect(stderr).toBe('')
    expect(status).toBe(0)
    expect(stdout).toContain('<h1')
    expect(stdout).toContain('loading')
  })
})

test.each(['postlogin', 'postlogin/testing'])('importing %s touches no window', async (entry) => {
  const embedding = embeddings['Without a framework'] as Embedding
  const around = `import * as everything from '${entry}'\nconsole.log(Object.keys(everything).length)`
  const code = await bundle(embedding, { sample: {}, around, onServer: true })
  const { stdout, stderr, status } = run(`${noBrowser}\n${code}`)
  expect(stderr).toBe('')
  expect(status).toBe(0)
  expect(Number(stdout)).toBeGreaterThan(5)
})
