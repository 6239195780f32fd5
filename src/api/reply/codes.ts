/**
 * The portal's codes that the adapter knows, with the HTTP status that each is documented with. Codes not listed here pass
 * through as they are.
 */
export const DOCUMENTED_STATUS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'AUTH.SESSION_NOT_FOUND': 404,
    'AUTH.INVALID_CREDENTIALS': 401,
    'AUTH.ACCOUNT_LOCKED': 403,
    'AUTH.ACCOUNT_SUSPENDED': 403,
    'AUTH.ACCOUNT_REJECTED': 403,
    'AUTH.MFA_CODE_INVALID': 400,
    'AUTH.MFA_SEND_COOLDOWN': 429,
    'AUTH.TOO_MANY_ATTEMPTS': 429,
    'AUTH.FINGERPRINT_MISMATCH': 403,
    'AUTH.MFA_EMAIL_IMMUTABLE': 409,
    'AUTH.OTP_SETUP_SESSION_INVALID': 400,
    'ACCESS.UNAUTHORIZED': 401,
    'ACCESS.TOKEN_MISSING': 401,
    'ACCESS.PERMISSION_DENIED': 403,
    'ACCESS.RISK_CHALLENGE_REQUIRED': 403,
    'ACCESS.MFA_REQUIRED': 403,
    'ACCESS.MFA_TOKEN_EXPIRED': 403,
    'ACCESS.MFA_TOKEN_INVALID': 403,
    'ACCESS.MFA_CHALLENGE_EXPIRED': 400,
    'ACCESS.MFA_CODE_INVALID': 400,
    'WORKSPACE.INVITATION_EXPIRED': 409,
    'WORKSPACE.INVITATION_ALREADY_PROCESSED': 409,
    'VALIDATION.INVALID_PARAMETER': 400,
    'SYSTEM.INTERNAL_ERROR': 500,
    // [I] No status of its own: the older family comes with 400 throughout, and an unknown id means 404 elsewhere (docs/contract.md#accept).
    U1040: 404,
  }),
)

/** The codes that are documented with a status. */
export const documentedCodes: readonly string[] = [...DOCUMENTED_STATUS.keys()]

/** `[I]` The older family and its dotted counterparts (docs/contract.md#errors). All of it comes with HTTP 400, which says nothing. */
export const COUNTERPART: ReadonlyMap<string, string> = new Map(
  Object.entries({
    U1041: 'WORKSPACE.INVITATION_EXPIRED',
    U1042: 'WORKSPACE.INVITATION_ALREADY_PROCESSED',
    U1060: 'AUTH.SESSION_NOT_FOUND',
    U1061: 'AUTH.MFA_SEND_COOLDOWN',
    U1062: 'AUTH.MFA_CODE_INVALID',
    U1063: 'AUTH.TOO_MANY_ATTEMPTS',
    U1065: 'AUTH.INVALID_CREDENTIALS',
    U1066: 'AUTH.ACCOUNT_LOCKED',
    U1067: 'AUTH.ACCOUNT_SUSPENDED',
    U1069: 'AUTH.FINGERPRINT_MISMATCH',
  }),
)

const OLDER_FAMILY = /^U1[0-9]{3}$/

/** The dotted code for one of the older family; any other code as it is. */
export const dottedCode = (code: string) => COUNTERPART.get(code) ?? code

/**
 * The status that says what kind of refusal this is: the one that came, unless it says nothing, which is so for the older family
 * and for a refusal inside an HTTP success. Null where nothing tells.
 */
export function tellingStatus(httpStatus: number, code: string | null): number | null {
  if (code === null) return httpStatus >= 400 ? httpStatus : null
  const documented = DOCUMENTED_STATUS.get(dottedCode(code)) ?? null
  if (OLDER_FAMILY.test(code) && documented !== null) return documented
  if (httpStatus >= 400) return httpStatus
  // The numeric family is a status and a zero: `4010`.
  return documented ?? (/^[45][0-9]{2}0$/.test(code) ? Number(code.slice(0, 3)) : null)
}
