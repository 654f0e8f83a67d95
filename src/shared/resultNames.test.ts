import { describe, expect, it } from 'vitest'
import { patternFault, resultNameOf } from './resultNames'

describe('a pattern of results', () => {
  it.each([
    ['{name}', null],
    ['{name} {model} v1.2', null],
    ['a/{name}', 'separator'],
    ['a\\{name}', 'separator'],
    ['same for all', 'name'],
    ['{name}{name}', 'name'],
    ['{name} {date}', 'words'],
    ['{name}.PNG', 'ending'],
  ])('%s: %s', (pattern, fault) => {
    expect(patternFault(pattern, 'denoise-colour')).toBe(fault)
  })

  it('cannot name a model that each photo chooses by itself', () => {
    expect(patternFault('{name} {model}', 'auto')).toBe('model')
    expect(patternFault('{name}', 'auto')).toBe(null)
  })

  it('takes braces in a photo’s name as they are', () => {
    const nameOf = resultNameOf('{model} of {name}', 'denoise-grey')
    expect(nameOf('my {model} $& photo')).toBe('denoise-grey of my {model} $& photo')
  })
})
