/**
 * The rows of a list that can be read. `unreadableRows` counts the others, which do not say what they are about. It is
 * missing where there are none, so an api of your own may return a plain array.
 */
export type Rows<Row> = Row[] & { readonly unreadableRows?: number }

/** How many rows were left out, since nobody could read which ones they are. */
export const unreadableRowsOf = (rows: readonly unknown[] & { readonly unreadableRows?: number }): number =>
  rows.unreadableRows ?? 0

/** The rows, with how many were left out. */
export const withUnreadable = <Row>(rows: Row[], unreadableRows: number): Rows<Row> =>
  unreadableRows === 0 ? rows : Object.assign(rows, { unreadableRows })
