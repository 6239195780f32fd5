/** The account's IP whitelist. */
export interface IpWhitelist {
  /** Is it enforced at login? */
  readonly enabled: boolean
  /** Single addresses and CIDR ranges, as the portal lists them. */
  readonly entries: readonly string[]
}

/** What is to be said about one entry of a draft. Only `notAnAddress` cannot be saved. */
export type EntryVerdict =
  | 'address'
  | 'range'
  /** A range written with host bits (`10.0.0.7/24`); the network is what is sent. */
  | 'hostBits'
  /** The same as an entry before it; sent once. */
  | 'duplicate'
  /** Lies within another entry, so it adds nothing. */
  | 'covered'
  /** Private, loopback, link-local, carrier-grade or otherwise never seen by a server on the internet. */
  | 'private'
  /** `0.0.0.0/0` or `::/0`: lets everybody in. */
  | 'everything'
  | 'notAnAddress'

/** A line of the whitelist editor. */
export interface DraftRow {
  /** Stable while the row exists; for `entry.remove` and for a UI's key. */
  readonly id: string
  /** As typed. */
  readonly value: string
  /** As it will be sent; null for `notAnAddress`. */
  readonly normalised: string | null
  readonly verdict: EntryVerdict
}

/** What would come of a draft if it were in force. */
export interface Assessment {
  /** Does the list let the current address in? `unknown` where the portal did not say which address that is. */
  readonly lockout: 'covered' | 'notCovered' | 'unknown'
  readonly currentAddress: string | null
  /** Entries that would be sent. */
  readonly validCount: number
  /** The rows that want a look: all but plain addresses and ranges. */
  readonly problems: readonly { readonly id: string; readonly verdict: EntryVerdict }[]
}
