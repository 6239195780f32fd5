import { act, type IpWhitelistScreen, previewEntry, splitEntries, type WhitelistRow } from 'postlogin'
import * as words from '../../shared/words.ts'
import { texts } from '../words.ts'
import { askingWay, type Content, isMeant, type Scene, way, whyNot } from './screen.ts'

const { lockoutText, noticeText, verdictText, warningText } = words.messages

export function ipWhitelistContent(screen: IpWhitelistScreen, scene: Scene): Content {
  const { addCurrentAddress, addCurrentNetwork, assessment, isChanged, isRead, notice, reset, rows, whitelist } = screen
  const { enabled } = whitelist
  const addMine = words.addMineText(assessment)
  return {
    lines: [
      isRead && (enabled ? texts.isOn : texts.isOff),
      isRead && rows.length === 0 && texts.empty,
      ...rows.flatMap(linesOf),
      isChanged && texts.unsaved,
      notice && noticeText(notice),
      rows.length > 0 ? lockoutText(assessment) : whyNot(addMine, addCurrentAddress),
      ...assessment.warnings.map(warningText),
      enabled ? whyNot(words.labels.save, screen.save) : whyNot(words.labels.turnOn, screen.enable),
    ],
    ways: [
      addCurrentNetwork && way(scene, 'addNetwork', words.addNetworkText(addCurrentNetwork), addCurrentNetwork),
      way(scene, 'addMine', addMine, addCurrentAddress),
      addWay(screen, scene),
      pasteWay(screen, scene),
      replaceWay(screen, scene),
      // If the whitelist is on, saving is enough.
      !enabled && way(scene, 'enable', isChanged ? texts.saveAndTurnOn : words.labels.turnOn, screen.enable),
      way(scene, 'save', words.labels.save, screen.save),
      way(scene, 'reset', words.labels.discard, reset),
      ...rows.map(({ id, value, remove }) =>
        way(scene, `remove ${id}`, words.named.remove(words.quoted(value)), remove),
      ),
      way(scene, 'disable', words.labels.turnOff, screen.disable),
    ],
  }
}

const linesOf = (row: WhitelistRow) => [words.entryText(row), `  ${verdictText(row.verdict)}`]

/** Refuses what is no address; asks before it adds what may be unwise or useless. */
const addWay = ({ add, assessment, rows }: IpWhitelistScreen, { flow }: Scene) =>
  askingWay('add', texts.addEntry, add, async (ask) => {
    const preview = (text: string) => previewEntry(rows, text.trim(), assessment)
    const text = await ask.text({
      name: 'ipWhitelist.entry',
      message: texts.entry,
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
    if (isPlain || (await isMeant(ask, { name: 'ipWhitelist.verdict', message, yes: words.labels.add }))) {
      act(flow, add, { value })
    }
  })

/** Its entries are judged on screen once they are added. */
const pasteWay = ({ paste }: IpWhitelistScreen, { flow }: Scene) =>
  askingWay('paste', words.labels.list, paste, async (ask) => {
    const text = await ask.text({ name: 'ipWhitelist.list', message: texts.list, isLong: true })
    if (text.trim() !== '') act(flow, paste, { text })
  })

const replaceWay = ({ replace }: IpWhitelistScreen, { flow }: Scene) =>
  askingWay('replace', texts.replace, replace, async (ask) => {
    const text = await ask.text({ name: 'ipWhitelist.entries', message: texts.entries })
    act(flow, replace, { values: splitEntries(text).map(({ value }) => value) })
  })
