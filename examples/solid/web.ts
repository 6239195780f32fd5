import { template as parse } from 'solid-js/web'

/**
 * What the compiled components import instead of `solid-js/web` (`moduleName` in `demo/site.ts`): the same, but for its templates.
 * Solid 1.9 makes them by `innerHTML`, which a page refuses that requires Trusted Types. It is the compiler's own markup and nothing
 * else, so this goes through a policy for it alone; a `default` policy would let everything on the page through.
 */
export * from 'solid-js/web'

interface TrustedTypes {
  /** The result is not a string but can be assigned like one. */
  createPolicy(name: string, rules: { createHTML(html: string): string }): { createHTML(html: string): string }
}

const trustedTypes: TrustedTypes | undefined = Reflect.get(globalThis, 'trustedTypes')
const policy = trustedTypes?.createPolicy('solid-templates', { createHTML: (html) => html })

export const template: typeof parse = (html, ...options) => parse(policy?.createHTML(html) ?? html, ...options)
