/** What the settings of the tests need of Node and the test runner, for the bundle in `browser.test.ts`. */

export const onTestFinished = () => {}

/** In its turn, after what is waiting already. */
export function setImmediate(run: () => void) {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    run()
  }
  port2.postMessage(null)
}
