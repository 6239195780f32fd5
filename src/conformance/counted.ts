/** `1 choice`, `2 choices`. */
export const counted = (count: number, one: string, other = `${one}s`) => `${count} ${count === 1 ? one : other}`
