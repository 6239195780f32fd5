/** The account's IP whitelist. */
export interface IpWhitelist {
  /** Is it enforced at login? */
  readonly enabled: boolean
  /** Single addresses and CIDR ranges, as the portal lists them. */
  readonly entries: readonly string[]
}
