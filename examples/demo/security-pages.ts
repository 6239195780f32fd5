import type { FrontEnd } from './site.ts'

/** The front ends that have a security page. */
export const securityPages: readonly FrontEnd[] = ['vanilla', 'react', 'vue', 'svelte', 'solid']
