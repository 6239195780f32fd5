import * as z from 'zod/mini'
import { type FakeInvitation, fakeWorkspace } from '../account/account.ts'
import { usualCode } from '../faults/faults.ts'
import type { Call, Result, World } from '../world.ts'
import { notFound, permissionDenied, Refusal } from './refusal.ts'
import { noBody, readBody, textOfLength } from './request-body.ts'
import { optional, wireEnum, wireRows, wireTime } from './wire.ts'
import { makeDefault } from './workspaces.ts'

const statuses: Readonly<Record<string, number>> = {
  PENDING: 10050301,
  ACCEPTED: 10050302,
  DECLINED: 10050303,
  CANCELLED: 10050304,
  EXPIRED: 10050305,
}

const nextActions: Readonly<Record<string, readonly [value: number, text: string]>> = {
  ENTER_DEFAULT_WORKSPACE: [10050401, 'Enter default workspace'],
  CHOOSE_WORKSPACE: [10050402, 'Choose workspace'],
  ENTER_ACCEPTED_WORKSPACE: [10050403, 'Enter accepted workspace'],
}

const statusOf = ({ status, expiresAt }: FakeInvitation, now: number) =>
  status === 'PENDING' && expiresAt !== null && now >= expiresAt ? 'EXPIRED' : status

/** The inbox. The shape of its items and the values of their statuses are inferred (docs/contract.md#inbox). */
export function listInvitations(world: World): Result {
  const { account, behavior } = world
  const rows = account.invitations
    .filter(({ inviteeEmail }) => inviteeEmail === account.email)
    .map((invitation) => {
      const status = statusOf(invitation, world.now())
      return {
        [behavior.dialect.invitationId]: invitation.invitationBizId,
        workspaceBizId: invitation.workspaceBizId,
        workspaceName: invitation.workspaceName,
        inviterBizId: invitation.inviterBizId,
        inviterName: invitation.inviterName,
        inviteeEmail: invitation.inviteeEmail,
        invitationStatus: wireEnum(world, status, statuses[status] ?? 10050399, status.toLowerCase()),
        expiresAt: wireTime(world, invitation.expiresAt),
        createdAt: wireTime(world, invitation.createdAt),
        ...optional(world, {
          inviteeAccountBizId: null,
          inviteeAccountName: null,
          message: invitation.message,
          acceptedAt: wireTime(world, invitation.acceptedAt),
          canAccept: status === 'PENDING' && invitation.acceptable,
        }),
      }
    })
  return {
    data: wireRows(world, rows, (row) => ({
      ...row,
      workspaceBizId: null,
      workspaceName: null,
      inviterName: null,
      expiresAt: null,
      canAccept: null,
    })),
  }
}

function ownInvitation({ account }: World, invitationBizId: string | undefined): FakeInvitation {
  const invitation = account.invitations.find((candidate) => candidate.invitationBizId === invitationBizId)
  if (invitation === undefined) throw notFound()
  if (invitation.inviteeEmail !== account.email) throw permissionDenied()
  const { refusedWith } = invitation
  if (refusedWith !== null) throw new Refusal(refusedWith, usualCode(refusedWith))
  return invitation
}

const alreadyProcessed = () => new Refusal(409, 'WORKSPACE.INVITATION_ALREADY_PROCESSED')

export function acceptInvitation(world: World, { params, body }: Call): Result {
  noBody(body)
  const invitation = ownInvitation(world, params.invitationBizId)
  const now = world.now()
  const status = statusOf(invitation, now)
  if (status === 'EXPIRED') throw new Refusal(409, 'WORKSPACE.INVITATION_EXPIRED')
  if (status !== 'PENDING') throw alreadyProcessed()
  if (!invitation.acceptable) throw permissionDenied()
  const { workspaceBizId, workspaceName, becomesDefault, nextAction } = invitation
  const { workspaces } = world.account
  if (!workspaces.some((workspace) => workspace.workspaceBizId === workspaceBizId)) {
    workspaces.push(fakeWorkspace({ workspaceBizId, workspaceName, createdAt: now }))
  }
  if (becomesDefault) makeDefault(world, workspaceBizId)
  invitation.status = 'ACCEPTED'
  invitation.acceptedAt = now
  if (world.behavior.dialect.rows === 'bare') return { data: { workspaceBizId: null, nextAction: null } }
  const [value, text] = nextActions[nextAction] ?? [10050499, nextAction]
  return {
    data: {
      ...optional(world, { invitationBizId: invitation.invitationBizId }),
      workspaceBizId,
      becameDefaultWorkspace: becomesDefault,
      nextAction: wireEnum(world, nextAction, value, text),
    },
  }
}

/** Final. An expired invitation can still be declined: only an earlier decision is documented as a refusal (docs/contract.md#decline). */
export function declineInvitation(world: World, { params, body }: Call): Result {
  if (body !== undefined) readBody(body, { reason: z.optional(textOfLength(0, 500)) })
  const invitation = ownInvitation(world, params.invitationBizId)
  const status = statusOf(invitation, world.now())
  if (status !== 'PENDING' && status !== 'EXPIRED') throw alreadyProcessed()
  invitation.status = 'DECLINED'
  return { noContent: '2040' }
}
