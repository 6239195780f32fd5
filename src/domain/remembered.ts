/** What was found out about lists, each once. A list that is given here must not change any more. */
export function remembered<List extends object, Found>(find: (list: List) => Found) {
  const found = new WeakMap<List, Found>()
  const note = (list: List, what: Found): Found => {
    found.set(list, what)
    return what
  }
  return { of: (list: List): Found => found.get(list) ?? note(list, find(list)), note }
}
