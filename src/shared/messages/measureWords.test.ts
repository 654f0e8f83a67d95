import { expect, it } from 'vitest'
import en from './en/measure.json'
import zh from './zh-Hans/measure.json'
import { measureWords } from './measureWords'

it('says a name in the language asked for', () => {
  expect(measureWords('name', 'mean-squared-error', {}, 'en')).toBe('Mean squared error')
  expect(measureWords('name', 'mean-squared-error', {}, 'zh-Hans')).toBe('均方误差')
})

it('leaves words of the data, and what it does not know, as they are', () => {
  expect(measureWords('name', '"mean-squared-error"')).toBe('mean-squared-error')
  expect(measureWords('figure', 'not-known-at-all')).toBe('not-known-at-all')
})

it('has the same messages with the same values in both languages', () => {
  const shape = (messages: Record<string, string>): [string, string[]][] =>
    Object.entries(messages).map(([key, text]) => [key, (text.match(/\{\w+\}/g) ?? []).sort()])
  expect(shape(zh)).toEqual(shape(en))
})
