import type { ConformanceReport } from './check-conformance.ts'

const WIDTH = 80

/** What other sections speak of, or what was asked for on purpose does not exist. */
const EXPECTED: readonly string[] = ['notFound', 'conflict', 'invalid', 'protocol']

/** The report for a person: what differs first, then each choice; lines of at most 80 columns where words allow. */
export function conformanceTable(report: ConformanceReport): string {
  const { problem, choices, deviations, outcomes, options, clockOffsetMs } = report
  if (problem !== null) return `Nothing could be checked.\n\n${wrap(problem, '  ')}\n`
  const count = (verdict: string) => choices.filter((choice) => choice.verdict === verdict).length
  const differing = choices.filter(({ verdict }) => verdict === 'differs')
  const held = choices.filter(({ verdict }) => verdict === 'holds')
  const unseen = choices.filter(({ verdict }) => verdict === 'notSeen')
  const fitting = Object.entries(options).map(([name, value]) => `${name}: '${value}'`)
  const sections = [
    section(
      'Differs',
      differing.map(({ id, what, seen, remedy }) => entry(id, [what, `Seen: ${seen}`, `Change ${remedy}.`])),
    ),
    section(
      'Otherwise than documented',
      deviations.map(({ operation, field, problem: text }) =>
        entry([operation, field].filter((part) => part !== null).join('.'), [text]),
      ),
    ),
    section(
      'These options of createPortalApi fit',
      fitting.map((option) => `  ${option}\n`),
    ),
    section(
      'Not answered',
      Object.entries(outcomes).flatMap(([operation, failure]) =>
        failure === null || EXPECTED.includes(failure.kind)
          ? []
          : entry(operation, [`${failure.status ?? 'No reply'} ${failure.code}`]),
      ),
    ),
    section(
      'Holds',
      held.map(({ id, seen }) => entry(id, [`${seen}`])),
    ),
    section('Not seen', unseen.length === 0 ? [] : [`${wrap(unseen.map(({ id }) => id).join(', '), '  ')}\n`]),
  ]
  const clock = Math.round(clockOffsetMs / 1000)
  const ahead = clock === 0 ? '' : ` The portal's clock is ${Math.abs(clock)} s ${clock > 0 ? 'ahead' : 'behind'}.`
  const verdict = report.conforms ? 'The portal conforms.' : 'The portal differs.'
  const sum = `${count('holds')} choices hold, ${count('differs')} differ, ${count('notSeen')} were not seen; ${deviations.length} deviations.`
  return `${sections.join('')}${wrap(`${verdict} ${sum}${ahead}`, '')}\n`
}

const section = (title: string, entries: readonly string[]) =>
  entries.length === 0 ? '' : `${title}\n${entries.join('')}\n`

const entry = (title: string, lines: readonly string[]) =>
  `  ${title}\n${lines.map((line) => `${wrap(line, '      ')}\n`).join('')}`

function wrap(text: string, indent: string): string {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > WIDTH) {
      lines.push(line)
      line = indent
    }
    line += line.length === indent.length ? word : ` ${word}`
  }
  return [...lines, line].join('\n')
}
