import type { ChoiceReport, ConformanceReport } from './check-conformance.ts'
import { counted } from './counted.ts'
import { TEXT_FORM } from './readings.ts'
import type { Unseen } from './unseen.ts'

const WIDTH = 80

/** In the order of what a reader can do about it, each after a count of choices. */
const UNSEEN: Readonly<Record<Unseen, string>> = {
  noWrites: 'shown by writes: run it again with --allow-writes',
  notAnswered: 'shown by an operation that was refused or not answered',
  noSuchReply: 'shown by a reply of that form: other data in the account may bring one',
  noSuchRefusal: 'shown by a refusal of that kind: nothing was refused so',
  notUsed: 'of an envelope of the secure channel that is not in use',
  never: 'shown to no client, or only by a change that cannot be undone',
}

/** The report for a person: what differs first; lines of at most 80 columns where words allow. `isVerbose`: each choice with its sentence. */
export function conformanceTable(report: ConformanceReport, { isVerbose }: { readonly isVerbose: boolean }): string {
  const { problem, choices, deviations, outcomes, notAnswered, removedEntries, options } = report
  if (problem !== null) return `Nothing could be checked.\n\n${wrap(problem, '  ')}\n`
  const of = (verdict: ChoiceReport['verdict']) => choices.filter((choice) => choice.verdict === verdict)
  const explained = (choice: ChoiceReport, ...lines: readonly string[]) =>
    entry(choice.id, isVerbose ? [choice.what, ...lines] : lines)
  const texts = [...choices.map(({ seen }) => seen ?? ''), ...deviations.map(({ problem: text }) => text)]
  const sections = [
    section(
      removedEntries === 0 ? '' : `This run removed ${counted(removedEntries, 'whitelist entry', 'whitelist entries')}`,
      [
        ...(removedEntries === 0
          ? []
          : [
              `${wrap('The portal did not keep what it was sent, which was the list as it was. Compare the list with your own record.', '  ')}\n`,
            ]),
      ],
    ),
    section(
      'Choices that differ',
      of('differs').map(({ id, what, seen, remedy }) => entry(id, [what, `Seen: ${seen}`, `${remedy}`])),
    ),
    section(
      'Deviations from the documentation',
      deviations.map(({ operation, field, problem: text }) =>
        entry([operation, field].filter((part) => part !== null).join('.'), [text]),
      ),
    ),
    section(
      'These options of createPortalApi fit',
      Object.entries(options).map(([name, value]) => `  ${name}: '${value}'\n`),
    ),
    section(
      'Not answered',
      notAnswered.map((operation) => entry(operation, [saidOf(outcomes[operation])])),
    ),
    section(
      'Choices that hold',
      of('holds').map((choice) => explained(choice, `${isVerbose ? 'Seen: ' : ''}${choice.seen}`)),
    ),
    section('Choices that were not seen', unseenGroups(of('notSeen'), isVerbose)),
    texts.some((text) => text.includes(TEXT_FORM))
      ? 'In the form of a text, a is any letter and 9 is any digit.\n'
      : '',
    isVerbose ? '' : `${wrap('--verbose says what each choice is; docs/contract.md#inferred does, too.', '')}\n`,
  ]
  return `${sections.join('')}\n${wrap(summaryOf(report), '')}\n`
}

function unseenGroups(unseen: readonly ChoiceReport[], isVerbose: boolean): readonly string[] {
  return Object.entries(UNSEEN).flatMap(([reason, text]) => {
    const group = unseen.filter((choice) => choice.unseen === reason)
    if (group.length === 0) return []
    const head = `${wrap(`${String(group.length).padStart(2)} ${text}`, '  ', '     ')}\n`
    return isVerbose
      ? [head, ...group.map(({ id, what }) => `${wrap(`${id}: ${what}`, '     ', '       ')}\n`)]
      : [head]
  })
}

/** What came of it all, in a few sentences: never more than was seen. */
function summaryOf(report: ConformanceReport): string {
  const { choices, deviations, notAnswered, isEnvelopeChecked, options, clockOffsetMs, result } = report
  const seen = choices.filter(({ verdict }) => verdict !== 'notSeen').length
  const differing = choices.filter(({ verdict }) => verdict === 'differs').length
  const fitting = Object.keys(options).length
  const more = choices.filter(({ unseen }) => unseen === 'noWrites').length
  const differences = [
    differing === 0 ? [] : counted(differing, 'inferred choice'),
    deviations.length === 0
      ? []
      : counted(deviations.length, 'deviation from the documentation', 'deviations from the documentation'),
    fitting === 0 ? [] : counted(fitting, 'option of yours', 'options of yours'),
  ].flat()
  const ofSeen = `${seen} of ${choices.length} choices`
  const clock = Math.round(clockOffsetMs / 1000)
  return [
    notAnswered.length === 0
      ? []
      : `${counted(notAnswered.length, 'operation was', 'operations were')} not answered: nothing is known of ${notAnswered.length === 1 ? 'it' : 'them'}.`,
    result === 'differs'
      ? `The portal differs: ${differences.join(', ')}. Seen: ${ofSeen}.`
      : `Nothing differs in what was seen: ${ofSeen}.`,
    more === 0 ? [] : `--allow-writes shows ${more} more.`,
    isEnvelopeChecked ? [] : 'The envelope of the secure channel was not checked.',
    clock === 0 ? [] : `The portal's clock is ${Math.abs(clock)} s ${clock > 0 ? 'ahead' : 'behind'}.`,
  ]
    .flat()
    .join(' ')
}

function saidOf(outcome: ConformanceReport['outcomes'][keyof ConformanceReport['outcomes']]): string {
  return typeof outcome === 'object' ? `${outcome.status ?? 'No reply'} ${outcome.code}` : ''
}

const section = (title: string, entries: readonly string[]) =>
  entries.length === 0 ? '' : `${title}\n${entries.join('')}\n`

const entry = (title: string, lines: readonly string[]) =>
  `  ${title}\n${lines.map((line) => `${wrap(line, '      ')}\n`).join('')}`

/** `hanging`: the indent of all lines but the first. */
function wrap(text: string, indent: string, hanging = indent): string {
  const lines: string[] = []
  let line = indent
  let isEmpty = true
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = hanging
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line].join('\n')
}
