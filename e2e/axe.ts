/** What axe finds on the page as it is, with a picture of it for whoever looks at the results. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { root } from './program'

/** Where pictures of the screens are put. */
export const pictures = join(root, 'test-results', 'pictures')

/**
 * Runs in the page: waits for colours that change gently, but not for what moves (a bar of a training that goes on does so
 * at each epoch, on a busy machine in every third frame), nor for what a closed section hides (it is not drawn, and so never
 * ends), until nothing has begun to change for three frames: a change of theme and language is drawn in more than one.
 * Gives up after ten seconds: what is still changing then is looked at as it is.
 */
const settle = `(async () => {
  const end = performance.now() + 10_000
  const tired = new Promise((resolve) => setTimeout(resolve, 10_000))
  for (let still = 0; still < 3 && performance.now() < end; still++) {
    await Promise.race([new Promise(requestAnimationFrame), tired])
    const changing = document
      .getAnimations()
      .filter((each) => !['width', 'transform'].includes(each.transitionProperty))
      .filter((each) => each.effect.getComputedTiming().endTime !== Infinity)
      .filter((each) => each.effect.target.checkVisibility())
    if (changing.length > 0) still = -1
    await Promise.race([Promise.allSettled(changing.map(({ finished }) => finished)), tired])
  }
})()`

/** Violations as text, each with the name of the screen. */
export async function violations(page: Page, name: string): Promise<string[]> {
  await page.evaluate(settle)
  mkdirSync(pictures, { recursive: true })
  writeFileSync(join(pictures, `${name}.png`), await page.screenshot({ animations: 'disabled' }))
  const { violations: found } = await new AxeBuilder({ page }).setLegacyMode(true).analyze()
  return found.map(
    ({ id, nodes }) => `${name}: ${id} at ${nodes.map((node) => node.html).join(' ')}`,
  )
}
