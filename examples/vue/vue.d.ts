/** For plain `tsc`, which cannot read the files of Vue: `vue-tsc` knows what is in each. */
declare module '*.vue' {
  import type { Component } from 'vue'

  const component: Component
  export default component
}
