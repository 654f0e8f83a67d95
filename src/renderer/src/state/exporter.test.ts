import { expect, test } from 'vitest'
import { exportName } from './exporter.svelte'

const named = (name: string, page = 1, pages = 1) => ({ name, page, pages })

test('the suggested name says what it is and is never the source’s own', () => {
  expect(exportName(named('holiday.jpg'), 'denoised', 'png')).toBe('holiday-denoised.png')
  expect(exportName(named('holiday.png'), 'noisy', 'jpeg')).toBe('holiday-noisy.jpg')
  expect(exportName(named('a.b.tiff'), 'denoised', 'webp')).toBe('a.b-denoised.webp')
  expect(exportName(named('.hidden'), 'denoised', 'png')).toBe('.hidden-denoised.png')
  expect(exportName(named('stack.tif', 2, 5), 'denoised', 'tiff')).toBe('stack-2-denoised.tif')
})
