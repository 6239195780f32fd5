/** The portal takes six digits and nothing else (docs/contract.md#otp-verify). */
const CODE_PATTERN = /^\p{Nd}{6}$/u

/**
 * What groups characters or sticks to copied text: white space, invisible characters (zero-width and direction marks, the soft
 * hyphen), and hyphens, minus signs, and dots of any script. A Japanese keyboard types the long-vowel mark `ー` for a hyphen.
 */
export const MARKS = /[\p{White_Space}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Pd}−⁃ーｰ.·•‧∙⋅․﹒．。｡・･\u06d4]/gu

/**
 * The six digits that were meant, or null. People type `123 456`, paste direction marks and non-breaking spaces, or have a keyboard
 * that writes `١٢٣٤٥٦`: marks are dropped, and the decimal digits of every script become plain ones. Nothing else is guessed.
 */
export function normalizeCode(typed: unknown): string | null {
  if (typeof typed !== 'string') return null
  const digits = typed.replace(MARKS, '')
  return CODE_PATTERN.test(digits) ? Array.from(digits, plainDigit).join('') : null
}

/** Unicode has the digits of a script in one run, 0 to 9, and runs may adjoin: a digit's position in its run is its value. */
function plainDigit(digit: string): string {
  const point = digit.codePointAt(0) ?? 0
  let first = point
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--
  return String((point - first) % 10)
}
