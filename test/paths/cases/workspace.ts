import { type Workspace, type WorkspaceContext, workspaceMachine } from 'postlogin'
import { fakeWorkspace } from 'postlogin/testing'
import { failure } from '../../../src/domain/failure.ts'
import { type MachineCases, restored, said, stepUps } from '../event-case.ts'
import { deadlineEnds, detectRestoreEnds, type Reading, readEnds, seenOf, writeEnds } from '../outcomes.ts'

const workspace = (parts: Partial<Workspace>): Workspace => ({
  workspaceBizId: 'WS_HOME_001',
  workspaceName: 'Home',
  isDefault: false,
  enterable: true,
  defaultEligible: true,
  ...parts,
})
const listed = (...workspaces: Workspace[]): Reading => ({
  output: workspaces,
  account: (draft) => {
    draft.workspaces = workspaces.map((parts) => fakeWorkspace(parts))
  },
})
const lab = workspace({ workspaceBizId: 'WS_LAB_001', workspaceName: 'Lab' })

const readings = {
  'a default': listed(workspace({ isDefault: true }), lab),
  'no default': listed(workspace({}), lab),
  'the other default': listed(workspace({}), { ...lab, isDefault: true }),
}

export const workspaceCases: MachineCases = {
  name: 'workspace',
  machine: workspaceMachine,
  inputs: [
    undefined,
    { policy: 'require' },
    { initialData: { workspaces: [workspace({}), lab] } },
    { initialData: { failure: failure({ kind: 'server', code: '5000' }) } },
  ],
  events: [
    said({ type: 'workspace.choose', workspaceBizId: lab.workspaceBizId } as never),
    said({ type: 'workspace.choose', workspaceBizId: lab.workspaceBizId, makeDefault: true } as never, 'as default'),
    said({ type: 'workspace.choose', workspaceBizId: 'WS_UNKNOWN' } as never, 'unknown'),
    ...stepUps('workspace.setDefault'),
    said({ type: 'retry' }),
    said({ type: 'step.finish' }),
    said({ type: 'step.skip' }),
    restored,
  ],
  ends: {
    'workspace.detectRestore': detectRestoreEnds('workspace.detectRestore'),
    'workspace.read': readEnds('workspace.read', readings),
    'workspace.setDefault': writeEnds('workspace.setDefault', { account: readings['no default'].account }),
    'workspace.readBack': readEnds('workspace.readBack', readings),
    'workspace.coolDown': deadlineEnds('workspace.coolDown'),
  },
  project: ({ context }) => {
    const { policy, failure, workspaces, isRead, route, newDefault } = context as WorkspaceContext
    return [policy, seenOf(failure), workspaces.map(({ isDefault }) => isDefault), isRead, route?.to, newDefault]
  },
  unreachable: {},
}
