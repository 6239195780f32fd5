import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, test } from 'vitest'
import { launchChromium } from '../support/chromium.ts'
import { openSite, type Site } from './site.ts'
import { visit } from './visit.ts'

/** The chunks of a built page: a step's machine is a file of its own, which may not arrive. */

let browser: Browser
let site: Site

beforeAll(async () => {
  browser = await launchChromium()
  site = await openSite(['vanilla'])
})

afterAll(async () => {
  await browser?.close()
  await site?.close()
})

/** The chunk of the whitelist's machine. */
const WHITELIST = /\/assets\/ip-whitelist-[\w-]+\.js$/

const open = (missing?: RegExp) => visit({ browser, site, frontEnd: 'vanilla' }, missing && { missing })

test('the machines of later steps arrive while the user is at the first one', async () => {
  const user = await open()
  await user.context.route(WHITELIST, (route) => route.abort())
  await user.toWhitelist()
})

test('a step whose machine did not arrive says so, and Chromium asks for it again', async () => {
  const user = await open(WHITELIST)
  await user.toMfa()
  await user.button('Continue without it').click()
  await user.say('A part of this application could not be loaded.')
  await user.context.unroute(WHITELIST)
  await user.go('Try again', 'IP whitelist')
})

test('a step whose machine did not arrive can be skipped', async () => {
  const user = await open(WHITELIST)
  await user.toMfa()
  await user.button('Continue without it').click()
  await user.say('A part of this application could not be loaded.')
  await user.go('Skip', 'Where you are signed in')
})
