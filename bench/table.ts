/** A line of the table. What was measured in one run, on both builds, in the same unit. */
export interface Row {
  readonly figure: string
  readonly unit: 'kB' | 'ms' | 'x'
  readonly now: readonly number[]
  /** Missing where it does not depend on the build. */
  readonly before?: readonly number[]
  /** What the issue that set the targets had measured. */
  readonly issue?: number
  /** The target: as a figure, or as a part of what is measured before. */
  readonly atMost?: number
  readonly timesBefore?: number
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

/** Three digits, which is more than the spread allows for. */
const written = (value: number) => String(Number(value.toPrecision(3)))

/** Medians, with the lowest and the highest sample, as a table in Markdown. */
export function table(rows: readonly Row[], before: string): string {
  const lines = rows.map(({ figure, unit, ...row }) => {
    const now = median(row.now)
    const old = row.before && median(row.before)
    const found = row.issue === undefined ? '' : ` (issue: ${row.issue})`
    const part = row.timesBefore === undefined || old === undefined ? '' : ` = ${written(now / old)} x before`
    return [
      `${figure}, ${unit}`,
      `${old === undefined ? '–' : written(old)}${found}`,
      target(row),
      `${written(now)}${part}${isMissed(row) ? ' **missed**' : ''}`,
      row.now.length === 1 ? '–' : `${written(Math.min(...row.now))} … ${written(Math.max(...row.now))}`,
    ]
  })
  const cells = [['figure', `before (${before})`, 'target', 'now', 'spread'], ...lines]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)))
  const [head = '', ...body] = cells.map(
    (line) => `| ${line.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`,
  )
  return `${[head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n')}\n`
}

const target = ({ atMost, timesBefore }: Pick<Row, 'atMost' | 'timesBefore'>) => {
  if (atMost !== undefined) return `≤ ${atMost}`
  return timesBefore === undefined ? '–' : `≤ ${timesBefore} x before`
}

function isMissed({ now, before, atMost, timesBefore }: Omit<Row, 'figure' | 'unit'>): boolean {
  if (atMost !== undefined) return median(now) > atMost
  return timesBefore !== undefined && before !== undefined && median(now) > timesBefore * median(before)
}
