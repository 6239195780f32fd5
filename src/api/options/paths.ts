import { isRecord } from '../../domain/record.ts'
import { channelEndpoints, endpoints } from '../endpoints.ts'
import type { TracedOperation } from '../transport/trace.ts'

/** The values of the option `paths`. */
export type PathChoice = { readonly [Name in TracedOperation]?: string }

const DOCUMENTED = new Map(
  [...Object.values(endpoints), ...Object.values(channelEndpoints)].map(({ operation, path }) => [operation, path]),
)
const NO_OPERATION = `is not an operation; these are: ${[...DOCUMENTED.keys()].join(', ')}`
const isOperation = (name: string): name is TracedOperation => DOCUMENTED.has(name as TracedOperation)

/** Segments of what a path may hold unencoded (RFC 3986 3.3), or a placeholder that is all of its segment. */
const PATH = /^(\/([\w.~!$&'()*+,;=:@-]|%[\dA-Fa-f]{2})+|\/\{\w+\})+\/?$/
const DOT_SEGMENT = /\/(\.|%2e){1,2}(\/|$)/i

/** What is wrong with the option, and at which path in it; null where nothing is. */
export function problemOfPaths(given: unknown): { readonly field: string; readonly problem: string } | null {
  if (given === undefined) return null
  if (!isRecord(given)) return { field: 'paths', problem: 'must be a record of operations and paths' }
  for (const [name, path] of Object.entries(given)) {
    const problem = isOperation(name) ? problemOfPath(name, path) : NO_OPERATION
    if (problem !== null) return { field: `paths.${name}`, problem }
  }
  return null
}

function problemOfPath(operation: TracedOperation, path: unknown): string | null {
  if (path === undefined) return null
  if (typeof path !== 'string' || !PATH.test(path) || DOT_SEGMENT.test(path)) {
    return 'must be a path that begins with / and has no query, no fragment and no dot segment'
  }
  const needed = placeholdersIn(DOCUMENTED.get(operation) ?? '')
  if (placeholdersIn(path).join() === needed.join()) return null
  return needed.length === 0
    ? 'must have no placeholder'
    : `must have ${needed.join(' and ')} once, and no other placeholder`
}

const placeholdersIn = (path: string): readonly string[] => path.match(/\{\w+\}/g) ?? []
