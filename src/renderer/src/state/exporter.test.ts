import { expect, test } from 'vitest'
import { exportName } from './exporter.svelte'

test('the suggested name says what it is and is never the source’s own', () => {
  expect(exportName('holiday.jpg', 'denoised', 'png')).toBe('holiday-denoised.png')
  expect(exportName('holiday.png', 'noisy', 'jpeg')).toBe('holiday-noisy.jpg')
  expect(exportName('a.b.tiff', 'denoised', 'webp')).toBe('a.b-denoised.webp')
  expect(exportName('.hidden', 'denoised', 'png')).toBe('.hidden-denoised.png')
})
