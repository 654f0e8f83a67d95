import { expect, test } from 'vitest'
import { tagPlace } from './tagPlace'
import { View } from './view.svelte'

function viewOf(image: { width: number; height: number }): View {
  const view = new View()
  view.canvas = { width: 1000, height: 684 }
  view.paired = true
  view.show(image)
  return view
}

test('labels lie in the upper corners of the picture', () => {
  const view = viewOf({ width: 4000, height: 3000 }) // 800 × 600 from (100, 20)
  expect(tagPlace(view, false, true)).toBe('top: 30px; max-width: 380px; left: 110px')
  expect(tagPlace(view, true, true)).toBe('top: 30px; max-width: 380px; right: 110px')
})

test('beside each other both lie left in their pane', () => {
  const view = viewOf({ width: 4000, height: 3000 })
  view.mode = 'side'
  expect(tagPlace(view, false, true)).toContain('left: 34px')
  expect(tagPlace(view, true, true)).toContain(`left: ${504 + 34}px`)
})

test('over a narrow picture they lean on its middle', () => {
  const view = viewOf({ width: 300, height: 3000 })
  expect(tagPlace(view, false, true)).toContain('right: 505px')
  expect(tagPlace(view, true, true)).toContain('left: 505px')
})
