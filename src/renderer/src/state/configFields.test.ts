import { describe, expect, test } from 'vitest'
import { at, differences, has, problemsOf, withAt } from './configFields'
import { config, variational } from './testing/runs'
import type { RunConfig } from '../../../shared/training'

describe('values by their path', () => {
  test('are read and replaced without touching the rest', () => {
    const changed = withAt(config, 'model.latent', 7)
    expect(at(changed, 'model.latent')).toBe(7)
    expect(at(config, 'model.latent')).toBe(32)
    expect(changed.training).toBe(config.training)
  })

  test('also inside lists', () => {
    const photo: RunConfig = {
      ...config,
      model: {
        kind: 'photo-denoiser',
        channels: 3,
        widths: [32],
        blocks: 2,
        patch: 64,
        sigma: [0, 55],
        supervision: 'clean',
        start: 'random',
      },
    }
    expect(at(withAt(photo, 'model.sigma.1', 30), 'model.sigma')).toEqual([0, 30])
  })

  test('a field of another model is not there', () => {
    expect(has(config, 'beta')).toBe(false)
    expect(has(variational, 'beta')).toBe(true)
  })

  test('two configurations differ where they differ', () => {
    expect(differences(config, withAt(config, 'training.rate', 1))).toEqual(['training.rate'])
    expect(differences(config, config)).toEqual([])
  })
})

describe('what is wrong', () => {
  const problem = (path: string, value: unknown) =>
    problemsOf(withAt(config, path, value)).get(path)

  test('nothing, in what is right', () => {
    expect([...problemsOf(config)]).toEqual([])
    expect([...problemsOf(variational)]).toEqual([])
  })

  test.each([
    ['training.epochs', 0, 'range'],
    ['training.epochs', 2.5, 'whole'],
    ['training.epochs', NaN, 'number'],
    ['training.rate', 0, 'range'],
    ['validation', 0.6, 'range'],
    ['model.layers', [32, NaN], 'list'],
    ['model.layers', [1, 2, 3, 4, 5, 6, 7, 8, 9], 'list'],
    ['training.patience', 0, 'range'],
  ])('%s of %j', (path, value, expected) => {
    expect(problem(path, value)).toBe(expected)
  })

  test('what may be off may be off', () => {
    expect(problem('training.patience', null)).toBeUndefined()
    expect(problem('training.clipNorm', null)).toBeUndefined()
  })
})
