/** Such as `1 min 30 s`, the same in every language that uses the SI's signs. */
export function spanText(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  const minutes = Math.floor(seconds / 60)
  const parts = [minutes > 0 ? `${minutes} min` : '', seconds % 60 > 0 || minutes === 0 ? `${seconds % 60} s` : '']
  return parts.filter((part) => part !== '').join(' ')
}

/** Such as `14:05:00`, in the time zone of whoever looks at it. */
export const clockText = (at: number): string =>
  [new Date(at).getHours(), new Date(at).getMinutes(), new Date(at).getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':')
