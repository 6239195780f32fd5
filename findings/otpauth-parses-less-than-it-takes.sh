#!/usr/bin/env bash
# otpauth makes a TOTP of an algorithm's other spellings (SHA-1, sha-256), but refuses the same spellings in a URI that it parses.
#
# Guessed: URI.parse hands each parameter to the constructor, so that what the one takes the other takes.
# Seen: otpauth 9.5.2: new TOTP takes "SHA-1" and "sha-256"; URI.parse: "Invalid 'algorithm' parameter". An empty parameter, which says
# nothing, is refused as well, for the period and not for the issuer.
# Source: ALGORITHM_REGEX and canonicalizeAlgorithm in the package's dist/otpauth.node.mjs (https://www.npmjs.com/package/otpauth).
# What it means here: a portal's setup URI is normalized before it is parsed (`src/domain/otp.ts`), or a user whose app has taken the QR
# code could not enroll.
set -euo pipefail

folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes >/dev/null
npm install --no-audit --no-fund --silent otpauth@9.5.2

cat >look.mjs <<'JS'
import { TOTP, URI } from 'otpauth'
const secret = 'JBSWY3DPEHPK3PXP'
const told = (make) => {
  try {
    return make()
  } catch ({ message }) {
    return message
  }
}
const parse = (parameters) => told(() => URI.parse(`otpauth://totp/Acme:maya?secret=${secret}&${parameters}`).algorithm)
for (const algorithm of ['SHA1', 'SHA-1', 'sha-256'])
  console.log(`${algorithm}: ${told(() => new TOTP({ secret, algorithm }).algorithm)}, parsed: ${parse(`algorithm=${algorithm}`)}`)
console.log(`period=: ${parse('period=')}`)
console.log(`issuer=: ${parse('issuer=')}`)
JS

seen="$(node look.mjs)"
expected="SHA1: SHA1, parsed: SHA1
SHA-1: SHA1, parsed: Invalid 'algorithm' parameter
sha-256: SHA256, parsed: Invalid 'algorithm' parameter
period=: Invalid 'period' parameter
issuer=: SHA1"
echo "otpauth 9.5.2"
echo "$seen"
[ "$seen" = "$expected" ] || { echo "Expected: $expected"; exit 1; }
