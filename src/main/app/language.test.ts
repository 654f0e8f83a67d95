import { describe, expect, it } from 'vitest'
import { languageOf } from './language'

describe('the language', () => {
  it('is the chosen one, whatever the system speaks', () => {
    expect(languageOf('en', ['zh-CN'])).toBe('en')
    expect(languageOf('zh-Hans', ['en-GB'])).toBe('zh-Hans')
  })

  it.each([
    [['zh-CN', 'en-US'], 'zh-Hans'],
    [['zh-Hant-TW'], 'zh-Hans'],
    [['zh_CN'], 'zh-Hans'],
    [['de-DE', 'zh-CN', 'en'], 'zh-Hans'],
    [['fr', 'en-GB', 'zh'], 'en'],
    [['de-DE'], 'en'],
    [['c'], 'en'],
    [[], 'en'],
  ] as const)('for a system that prefers %o is %s', (preferred, expected) => {
    expect(languageOf('system', preferred)).toBe(expected)
  })
})
