import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clientFailure, type Failure } from '../../src/domain/failure.ts'
import {
  choiceVerdict,
  isDefaultWorkspace,
  refuseChoice,
  type Workspace,
  type WorkspaceChoice,
} from '../../src/domain/workspaces.ts'

const workspace = (workspaceBizId: string, traits: Partial<Workspace> = {}): Workspace => ({
  workspaceBizId,
  workspaceName: workspaceBizId,
  isDefault: false,
  enterable: true,
  defaultEligible: true,
  ...traits,
})

const listed: readonly Workspace[] = [
  workspace('open'),
  workspace('closed', { enterable: false }),
  workspace('plain', { defaultEligible: false }),
  workspace('default', { isDefault: true, defaultEligible: false }),
  workspace('closed-default', { isDefault: true, enterable: false }),
]

const choose = (workspaceBizId: string, makeDefault?: boolean): WorkspaceChoice =>
  makeDefault === undefined ? { workspaceBizId } : { workspaceBizId, makeDefault }

describe('what is done about a choice', () => {
  test.each<[string, WorkspaceChoice, ReturnType<typeof choiceVerdict>]>([
    ['enterable: it is entered', choose('open'), 'enterable'],
    ['nor is the default changed by a "no"', choose('open', false), 'enterable'],
    ['not enterable: it is not offered', choose('closed'), 'closed'],
    ['not listed: it is not known', choose('elsewhere'), 'unknown'],
    ['eligible and wanted as the default: it is made the default first', choose('open', true), 'newDefault'],
    ['not eligible, but wanted as the default: refused', choose('plain', true), 'notEligible'],
    ['not eligible, and not wanted as the default: it is entered', choose('plain'), 'enterable'],
    ['the default already: nothing to change, eligible or not', choose('default', true), 'enterable'],
    ['not enterable and wanted as the default: closed is said', choose('closed', true), 'closed'],
    ['not enterable, the default or not', choose('closed-default', true), 'closed'],
  ])('%s', (_, choice, verdict) => {
    expect(choiceVerdict(listed, choice)).toBe(verdict)
  })

  test.each([['true'], [1], [{}], [null]])('%j for makeDefault is no yes', (makeDefault) => {
    const choice = { workspaceBizId: 'open', makeDefault } as unknown as WorkspaceChoice
    expect(choiceVerdict(listed, choice)).toBe('enterable')
  })

  test('entry only where enterable, a new default only where eligible', () => {
    const anyWorkspace: fc.Arbitrary<Workspace> = fc.record({
      workspaceBizId: fc.constantFrom('a', 'b', 'c'),
      workspaceName: fc.string(),
      isDefault: fc.boolean(),
      enterable: fc.boolean(),
      defaultEligible: fc.boolean(),
    })
    const lists = fc.uniqueArray(anyWorkspace, { selector: ({ workspaceBizId }) => workspaceBizId })
    fc.assert(
      fc.property(lists, fc.constantFrom('a', 'b', 'c'), fc.boolean(), (workspaces, id, makeDefault) => {
        const chosen = workspaces.find(({ workspaceBizId }) => workspaceBizId === id)
        const verdict = choiceVerdict(workspaces, choose(id, makeDefault))
        if (verdict === 'enterable' || verdict === 'newDefault') expect(chosen?.enterable).toBe(true)
        if (verdict === 'newDefault') expect(chosen).toMatchObject({ defaultEligible: true, isDefault: false })
        expect(verdict === 'unknown').toBe(chosen === undefined)
        // Whoever does not ask for a new default is never refused for want of it.
        if (!makeDefault) expect(['enterable', 'closed', 'unknown']).toContain(verdict)
      }),
    )
  })
})

describe('why a choice is refused', () => {
  test.each<[string, WorkspaceChoice, Failure]>([
    [
      'it is not in the list',
      choose('elsewhere'),
      clientFailure('workspaceUnknown', 'invalid', { field: 'workspaceBizId' }),
    ],
    [
      'it cannot be entered',
      choose('closed'),
      clientFailure('workspaceClosed', 'invalid', { field: 'workspaceBizId' }),
    ],
    [
      'it cannot be the default',
      choose('plain', true),
      clientFailure('workspaceNotEligible', 'invalid', { field: 'makeDefault' }),
    ],
  ])('%s', (_, choice, refusal) => {
    expect(refuseChoice(listed, choice)).toEqual(refusal)
  })
})

describe('whether it is the default now', () => {
  test.each<[string | null, boolean]>([
    [null, false],
    ['default', true],
    ['closed-default', true],
    ['open', false],
    ['elsewhere', false],
  ])('%s: %s', (workspaceBizId, isDefault) => {
    expect(isDefaultWorkspace(listed, workspaceBizId)).toBe(isDefault)
  })
})
