import { renderUnicodeCompact } from 'uqr'

/**
 * A QR code of half blocks, two modules to a character. In color it is black on white, whatever the terminal's own colors
 * are; without, the light modules are drawn, which is right on a dark background.
 */
export function drawQrCode(text: string, hasColor: boolean): readonly string[] {
  const lines = renderUnicodeCompact(text, { ecc: 'L', border: 2 }).split('\n')
  return hasColor ? lines.map((line) => `\u001b[38;5;231;48;5;16m${line}\u001b[0m`) : lines
}
