const LABEL = /^otpauth:\/\/totp\/([^?#]*)/i

/** The account that an authenticator app shows: the label of the URI after `issuer:`. Empty where there is none. */
export function accountNameOf(qrCodeUri: string): string {
  const encoded = LABEL.exec(qrCodeUri)?.[1] ?? ''
  try {
    const label = decodeURIComponent(encoded)
    return label.slice(label.indexOf(':') + 1).trim()
  } catch {
    return ''
  }
}
