import type { Call, Result, World } from '../world.ts'
import { notFound, permissionDenied } from './refusal.ts'
import { noBody } from './request-body.ts'
import { wireEnum, wireRows, wireTime } from './wire.ts'

const joinSources: Readonly<Record<string, number>> = { CREATED: 10040101, INVITED: 10040102 }

export function listWorkspaces(world: World): Result {
  const rows = world.account.workspaces.map((workspace) => ({
    userBizId: 'USER_MAYA_001',
    workspaceBizId: workspace.workspaceBizId,
    workspaceName: workspace.workspaceName,
    workspaceKind: wireEnum(world, 'LIVE', 10010801, 'Live'),
    institutionBizId: 'INST_001',
    workspaceRoleBizId: workspace.isOwner ? 'ROLE_OWNER' : 'ROLE_MEMBER',
    workspaceRoleName: workspace.isOwner ? 'Owner' : 'Member',
    joinSource: wireEnum(world, workspace.joinSource, joinSources[workspace.joinSource] ?? 10040199, 'Joined'),
    isOwner: workspace.isOwner,
    isDefault: workspace.isDefault,
    enterable: workspace.enterable,
    defaultEligible: workspace.defaultEligible,
    policyConfig: null,
    createdAt: wireTime(world, workspace.createdAt),
    updatedAt: wireTime(world, workspace.createdAt),
  }))
  return {
    data: wireRows(world, rows, ({ workspaceBizId, isDefault }) => ({
      workspaceBizId,
      workspaceName: null,
      enterable: null,
      ...(isDefault ? { isDefault } : {}),
    })),
  }
}

/** The refusals are inferred: none is documented (docs/contract.md#workspaces). */
export function setDefaultWorkspace(world: World, { params, body }: Call): Result {
  noBody(body)
  const workspace = world.account.workspaces.find(({ workspaceBizId }) => workspaceBizId === params.workspaceBizId)
  if (workspace === undefined) throw notFound()
  if (!workspace.defaultEligible) throw permissionDenied()
  makeDefault(world, workspace.workspaceBizId)
  return { data: {} }
}

export function makeDefault({ account }: World, workspaceBizId: string): void {
  for (const workspace of account.workspaces) workspace.isDefault = workspace.workspaceBizId === workspaceBizId
}
