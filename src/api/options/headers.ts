import { isRecord } from '../../domain/record.ts'

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Printable ASCII with no space at the ends: what every platform sends as it stands. */
const HEADER_VALUE = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/

const isHeaderName = (value: string) => HEADER_NAME.test(value)
export const isHeaderValue = (value: unknown): value is string => typeof value === 'string' && HEADER_VALUE.test(value)

/** The name of the first that no request could carry; null where there is none. */
export const wrongHeader = (headers: Readonly<Record<string, unknown>>): string | null =>
  Object.entries(headers).find(([name, value]) => !isHeaderName(name) || !isHeaderValue(value))?.[0] ?? null

/** Are these headers that a host may have sent? */
export const isHeaders = (value: unknown): value is Readonly<Record<string, string>> =>
  isRecord(value) && wrongHeader(value) === null
