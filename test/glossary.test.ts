import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

/** One word for one thing: each word of the glossary is a name in the code, and no name has a word that was given up for another. */

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    // What other tests write for a while begins with a dot.
    if (entry.isDirectory()) return /^(node_modules$|\.)/.test(entry.name) ? [] : filesIn(path)
    return /\.(tsx?|vue|svelte|md)$/.test(path) ? [path] : []
  })

/** The names in a file: identifiers and texts of one word in code; in pages, the words that are set as code. */
function namesIn(path: string): ReadonlySet<string> {
  const text = read(path)
  const names = new Set<string>()
  const addWords = (words: string) => {
    for (const [word] of words.matchAll(/[A-Za-z_$][\w$]*/g)) names.add(word)
  }
  const visit = (node: ts.Node) => {
    if (ts.isIdentifier(node)) names.add(node.text)
    if (ts.isStringLiteralLike(node) && /^[\w.-]+$/.test(node.text)) addWords(node.text)
    ts.forEachChild(node, visit)
  }
  if (path.endsWith('.md')) {
    for (const [code] of text.matchAll(/```.*?```|`[^`\n]+`/gs)) addWords(code)
  } else {
    const scripts = [...text.matchAll(/<script[^>]*>(.*?)<\/script>/gs)].map(([, script = '']) => script)
    const code = /\.tsx?$/.test(path) ? text : scripts.join('\n')
    const kind = path.endsWith('.tsx') ? ts.ScriptKind.TSX : ts.ScriptKind.TS
    visit(ts.createSourceFile(path, code, ts.ScriptTarget.Latest, false, kind))
  }
  return names
}

const ours = ['src', 'machines'].flatMap(filesIn)
const everything = [...ours, ...['test', 'examples', 'scripts', 'bench', 'docs'].flatMap(filesIn), 'README.md'].filter(
  // The report of the public surface is made of the code, its texts included.
  (path) => path !== 'test/glossary.test.ts' && path !== 'docs/public-surface.md',
)
const names = new Map(everything.map((path) => [path, namesIn(path)]))

describe('the glossary', () => {
  const [, glossary = ''] = read('docs/ARCHITECTURE.md').split('\n## Glossary\n')
  const words = [...glossary.matchAll(/^\| ([^|]+) \| `(\w+)` \| ([^|]+) \|$/gm)].map(([, word = '', name = '']) => ({
    word,
    name,
  }))

  test('has at most 25 words, each in one line', () => {
    const rows = glossary.split('\n').filter((line) => line.startsWith('| '))
    // Its head, and the words.
    expect(rows.length).toBe(2 + words.length)
    expect(words.length).toBeGreaterThan(0)
    expect(words.length).toBeLessThanOrEqual(25)
  })

  test('has no word that is not a name in the code', () => {
    const code = ours.filter((path) => path.endsWith('.ts'))
    const unused = words.filter(({ name }) => !code.some((path) => names.get(path)?.has(name)))
    expect(unused).toEqual([])
  })
})

/** Old, and what it is called now. */
const renamed: Readonly<Record<string, string>> = {
  alarm: 'deadline',
  AlarmInput: 'DeadlineInput',
  areReadsOld: 'a region that starts anew',
  areWorkspacesOld: 'areWorkspacesStale',
  codeIsPending: 'isCodeUnresolved',
  createAlarm: 'createDeadline',
  distrustReads: 'a region that starts anew',
  isPassing: 'isTransient',
  isSeenToAgain: 'isRetriedUnattended',
  leftOutOr: 'the schema of zod/mini',
  loaded: 'initialData',
  outcomeIsOpen: 'hasUnknownOutcome',
  outcomeIsPending: 'isWriteUnresolved',
  outcomeOpen: 'outcomeUnknown',
  patiently: 'unlessAborted',
  plainly: 'withPlainFailure',
  reEmit: 'republish',
  resumed: 'restored',
  trustWorkspaces: 'forgetWorkspaces',
  wake: 'detectRestore',
  yesOrNo: 'the schema of zod/mini',
}

/** The same for words that mean something else outside of the library. */
const renamedInLibrary: Readonly<Record<string, string>> = {
  asked: 'questionOpen',
  asking: 'reading',
  attend: 'markAttended',
  tell: 'what each does',
  told: 'read',
}

/** Parts of names, in American spelling now. */
const respelled: Readonly<Record<string, string>> = {
  behaviour: 'behavior',
  enrolment: 'enrollment',
  normalis: 'normaliz',
}

describe('no name is an old word', () => {
  const holding = (paths: readonly string[], isOld: (name: string) => boolean) =>
    paths.flatMap((path) => {
      const old = [...(names.get(path) ?? [])].filter(isOld)
      return old.length === 0 ? [] : [`${path}: ${old.join(', ')}`]
    })

  test.each(Object.entries(renamed))('%s is %s', (old) => {
    expect(holding(everything, (name) => name === old)).toEqual([])
  })

  test.each(Object.entries(renamedInLibrary))('in src and machines, %s is %s', (old) => {
    expect(holding(ours, (name) => name === old)).toEqual([])
  })

  test.each(Object.entries(respelled))('%s is spelled %s, in the names of files too', (old) => {
    expect(holding(everything, (name) => name.toLowerCase().includes(old))).toEqual([])
    expect(everything.filter((path) => path.toLowerCase().includes(old))).toEqual([])
  })
})

/** What had to be read twice, as patterns. */
const opaque = [
  "the user's wish",
  'struck by',
  'ways? on\\b',
  '(is|are|was) told of',
  'a chunk a layer',
  'not pay for it',
  "portal's word",
  'sees to it',
]

/** Beginnings of words in British spelling. */
const british = [
  'colour',
  'favour',
  'honour',
  'behaviour',
  'centre',
  'catalogue',
  'judgement',
  'learnt\\b',
  'whilst',
  'enrolment',
  '(recogn|organ|normal|serial|initial|author|minim|maxim)is(e|ed|es|ing|ation)\\b',
]

describe('no sentence', () => {
  const prose = everything.filter((path) => !path.startsWith('test/'))
  /** As it is read: in one line, without the marks of a comment. The CHANGELOG names what was renamed. */
  const texts = new Map(
    ['CHANGELOG.md', ...prose].map((path) => [
      path,
      read(path)
        .replace(/^### Renamed\n.*?(?=^##|$(?![\s\S]))/gms, '')
        .replaceAll('’', "'")
        .replace(/\s+(\*|\/\/)?\s*/g, ' '),
    ]),
  )
  const holding = (pattern: string) => {
    const phrase = new RegExp(`\\b${pattern}`, 'i')
    return [...texts].filter(([, text]) => phrase.test(text)).map(([path]) => path)
  }

  test.each(opaque)('has “%s”', (pattern) => {
    expect(holding(pattern)).toEqual([])
  })

  test.each(british)('has a word like “%s”, which is British', (pattern) => {
    expect(holding(pattern)).toEqual([])
  })
})
