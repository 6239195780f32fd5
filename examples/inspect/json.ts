/** Collapsible JSON. What is open stays open when it is shown again. */

const opened = new Set<string>()

export function jsonTree(key: string, value: unknown, path = key): HTMLElement {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    const line = document.createElement('p')
    line.append(labelOf(key), ` ${JSON.stringify(value)}`)
    return line
  }
  const details = document.createElement('details')
  const summary = document.createElement('summary')
  const size = Array.isArray(value) ? `[${value.length}]` : '{ }'
  summary.append(labelOf(key), ` ${size}`)
  details.append(summary, ...Object.entries(value).map(([name, inner]) => jsonTree(name, inner, `${path}.${name}`)))
  details.open = opened.has(path)
  details.addEventListener('toggle', () => (details.open ? opened.add(path) : opened.delete(path)))
  return details
}

function labelOf(key: string) {
  const label = document.createElement('b')
  label.textContent = key
  return label
}
