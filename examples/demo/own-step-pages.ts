import type { FrontEnd } from './site.ts'

/** The front ends that can draw a step of a host's own. */
export const ownStepPages: readonly FrontEnd[] = ['vanilla', 'react']
