import type { Assessment, DraftRow, EntryVerdict, IpWhitelistEvent, ipWhitelistMachine } from 'postlogin'
import type { SnapshotFrom } from 'xstate'
import { column, durationText, plain, timeText } from '../wording.ts'
import { failureLines, type Look, type Screen, type StepView, stoppedScreen, type Way, waysOut } from './screen.ts'

type Send = (event: IpWhitelistEvent) => void

export function ipWhitelistScreen(snapshot: SnapshotFrom<typeof ipWhitelistMachine>, send: Send, look: Look): Screen {
  const view = { name: 'ipWhitelist', snapshot, send }
  const stopped = stoppedScreen(view, look)
  if (stopped !== null) return stopped
  if (snapshot.matches('confirmingRisk')) return riskScreen(view, snapshot.context.whitelist.enabled, send)
  if (snapshot.matches('awaitingConfirmation')) return confirmationScreen(snapshot, send, look)

  const { whitelist, draft, assessment, notice } = snapshot.context
  // Only a draft that differs from what is saved can be.
  const isChanged = snapshot.can({ type: 'whitelist.save' })
  const isEnabled = whitelist.enabled
  return {
    name: 'ipWhitelist.editing',
    lines: [
      isEnabled ? 'On: sign-in only from these addresses.' : 'Off: sign-in from any address.',
      ...(draft.length === 0 ? ['The list is empty.'] : draft.map(rowOf)),
      ...(isChanged ? ['The list on screen is not saved.'] : []),
      lockoutText(assessment),
      ...(notice === 'changeUndone' ? ['The change was undone: the former list is back.'] : []),
      ...failureLines(snapshot.context),
    ],
    ways: [
      ...(isEnabled && !isChanged ? waysOut(view, { isAimReached: true, finish: 'Go on' }) : []),
      ...addressWays(assessment, send),
      ...(isEnabled
        ? []
        : [
            {
              key: 'enable',
              label: isChanged ? 'Save the list and turn it on' : 'Turn it on',
              take: () => send({ type: 'whitelist.enable' }),
            },
          ]),
      ...(isChanged
        ? [
            { key: 'save', label: 'Save the list', take: () => send({ type: 'whitelist.save' }) },
            { key: 'reset', label: 'Drop the changes', take: () => send({ type: 'draft.reset' }) },
          ]
        : []),
      ...draft.map(({ id, value }) => ({
        key: `remove ${value}`,
        label: `Remove ${plain(value)}`,
        take: () => send({ type: 'entry.remove', id }),
      })),
      ...(isEnabled ? [{ key: 'disable', label: 'Turn it off', take: () => send({ type: 'whitelist.disable' }) }] : []),
      { key: 'refresh', label: 'Read the whitelist again', take: () => send({ type: 'retry' }) },
      ...(isEnabled && !isChanged
        ? []
        : waysOut(view, { isAimReached: isEnabled, finish: isEnabled ? 'Go on without saving' : 'Go on without it' })),
    ],
  }
}

function addressWays({ currentAddress, lockout }: Assessment, send: Send): readonly Way[] {
  const add: Way = {
    key: 'add',
    label: 'Add an address or a range',
    async take(ask) {
      send({ type: 'entry.add', value: await ask.text({ name: 'ipWhitelist.entry', message: 'Address or range:' }) })
    },
  }
  const replace: Way = {
    key: 'replace',
    label: 'Type the whole list anew',
    async take(ask) {
      const text = await ask.text({
        name: 'ipWhitelist.entries',
        message: 'Addresses and ranges, with spaces between:',
      })
      send({ type: 'entries.replace', values: text.split(/[\s,;]+/).filter((value) => value !== '') })
    },
  }
  if (currentAddress === null || lockout === 'covered') return [add, replace]
  const addMine: Way = {
    key: 'addMine',
    label: `Add your address, ${plain(currentAddress)}`,
    take: () => send({ type: 'entry.add', value: currentAddress }),
  }
  return [addMine, add, replace]
}

const verdictTexts: Readonly<Record<EntryVerdict, string>> = {
  address: '',
  range: '',
  hostBits: 'the whole range is saved',
  duplicate: 'there already; saved once',
  covered: 'within another entry',
  private: 'private: never seen from outside',
  everything: 'lets everybody in',
  notAnAddress: 'not an address or a range',
}

const rowOf = ({ value, normalised, verdict }: DraftRow) => {
  const meant = normalised === null || normalised === value.trim() ? value : `${value} = ${normalised}`
  return `${column(meant, meant.length > 18 ? 33 : 18)}  ${verdictTexts[verdict]}`.trimEnd()
}

/** Read again, it may be known: the step may begin before the sessions are read. */
function lockoutText({ currentAddress, lockout }: Assessment): string {
  if (currentAddress === null) return 'From which address you are signed in is not known yet.'
  const address = plain(currentAddress)
  if (lockout === 'covered') return `Your address, ${address}, is in the list.`
  if (lockout === 'notCovered') return `Your address, ${address}, is not in the list.`
  return `Your address, ${address}, cannot be compared with the list.`
}

function riskScreen(view: StepView, isEnabled: boolean, send: Send): Screen {
  return {
    name: 'ipWhitelist.confirmingRisk',
    lines: [
      'The portal does not say from which address you are signed in, so the list may lock you out. Go on all the same?',
    ],
    ways: [
      { key: 'decline', label: 'No, back to the list', take: () => send({ type: 'risk.decline' }) },
      { key: 'accept', label: 'Yes, I take the risk', take: () => send({ type: 'risk.accept' }) },
      ...waysOut(view, { isAimReached: isEnabled, finish: 'Go on without the change' }),
    ],
  }
}

function confirmationScreen({ context }: SnapshotFrom<typeof ipWhitelistMachine>, send: Send, look: Look): Screen {
  const { confirmBy, policy } = context
  const now = look.now()
  const deadline = confirmBy === null ? '' : ` by ${timeText(confirmBy, now)} (${durationText(confirmBy - now)} left)`
  return {
    name: 'ipWhitelist.awaitingConfirmation',
    lines: [
      'The change is in force. Whether it locks you out would show at the next sign-in only.',
      `Keep it${deadline}; otherwise the former list is put back.`,
      ...failureLines(context),
    ],
    ways: [
      { key: 'keep', label: 'Keep the change', take: () => send({ type: 'change.keep' }) },
      { key: 'undo', label: 'Undo the change', take: () => send({ type: 'change.undo' }) },
      ...(policy === 'require'
        ? []
        : [
            { key: 'finish', label: 'Undo the change and go on', take: () => send({ type: 'step.finish' }) },
            { key: 'skip', label: 'Undo the change and skip this step', take: () => send({ type: 'step.skip' }) },
          ]),
    ],
  }
}
