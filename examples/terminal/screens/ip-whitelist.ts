import { act, type IpWhitelistScreen, previewEntry, splitEntries, type WhitelistRow } from 'postlogin'
import * as words from '../../shared/words.ts'
import { askingWay, type Content, isMeant, type Scene, way, whyNot } from './screen.ts'

const { lockoutText, noticeText, verdictText, warningText } = words.messages

export function ipWhitelistContent(screen: IpWhitelistScreen, scene: Scene): Content {
  const { addCurrentAddress, addCurrentNetwork, assessment, isChanged, isRead, notice, reset, rows, whitelist } = screen
  const { enabled } = whitelist
  const addMine = words.addMineText(assessment)
  return {
    lines: [
      isRead && (enabled ? 'On: sign-in only from these addresses.' : 'Off: sign-in from any address.'),
      isRead && rows.length === 0 && 'The list is empty.',
      ...rows.flatMap(linesOf),
      isChanged && 'The list on screen is not saved.',
      notice && noticeText(notice),
      rows.length > 0 ? lockoutText(assessment) : whyNot(addMine, addCurrentAddress),
      ...assessment.warnings.map(warningText),
      enabled ? whyNot('Save', screen.save) : whyNot('Turn on', screen.enable),
    ],
    ways: [
      addCurrentNetwork && way(scene, 'addNetwork', words.addNetworkText(addCurrentNetwork), addCurrentNetwork),
      way(scene, 'addMine', addMine, addCurrentAddress),
      addWay(screen, scene),
      pasteWay(screen, scene),
      replaceWay(screen, scene),
      // If the whitelist is on, saving is enough.
      !enabled && way(scene, 'enable', isChanged ? 'Save the list and turn it on' : 'Turn it on', screen.enable),
      way(scene, 'save', 'Save the list', screen.save),
      way(scene, 'reset', 'Discard the changes', reset),
      ...rows.map(({ id, value, remove }) => way(scene, `remove ${id}`, `Remove ${words.quoted(value)}`, remove)),
      way(scene, 'disable', 'Turn it off', screen.disable),
    ],
  }
}

const linesOf = (row: WhitelistRow) => [words.entryText(row), `  ${verdictText(row.verdict)}`]

/** Refuses what is no address; asks before it adds what may be unwise or useless. */
const addWay = ({ add, assessment, rows }: IpWhitelistScreen, { flow }: Scene) =>
  askingWay('add', 'Add an address or a range', add, async (ask) => {
    const preview = (text: string) => previewEntry(rows, text.trim(), assessment)
    const text = await ask.text({
      name: 'ipWhitelist.entry',
      message: 'Address or range, or nothing to go back:',
      problemWith: (typed) => {
        const { normalized, verdict } = preview(typed)
        return typed.trim() !== '' && normalized === null ? verdictText(verdict) : null
      },
    })
    const value = text.trim()
    if (value === '') return
    const { verdict } = preview(value)
    const message = `${value}: ${verdictText(verdict)}`
    const isPlain = verdict === 'address' || verdict === 'range'
    if (isPlain || (await isMeant(ask, { name: 'ipWhitelist.verdict', message, yes: 'Add it' }))) {
      act(flow, add, { value })
    }
  })

/** Its entries are judged on screen once they are added. */
const pasteWay = ({ paste }: IpWhitelistScreen, { flow }: Scene) =>
  askingWay('paste', 'Paste a list', paste, async (ask) => {
    const text = await ask.text({ name: 'ipWhitelist.list', message: 'The list, in your editor:', isLong: true })
    if (text.trim() !== '') act(flow, paste, { text })
  })

const replaceWay = ({ replace }: IpWhitelistScreen, { flow }: Scene) =>
  askingWay('replace', 'Replace the whole list', replace, async (ask) => {
    const text = await ask.text({ name: 'ipWhitelist.entries', message: 'Addresses and ranges, with spaces between:' })
    act(flow, replace, { values: splitEntries(text).map(({ value }) => value) })
  })
