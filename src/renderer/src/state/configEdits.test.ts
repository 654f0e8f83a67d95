import { describe, expect, test } from 'vitest'
import { modelKinds, runConfig } from '../../../shared/training'
import { corruptionOf, freeName, isChosen, sourceOf, withFamily, withKind } from './configEdits'
import { noiseScales } from './noiseScales'
import { config } from './testing/runs'

describe('a change of the model', () => {
  test.each(modelKinds)('to %s keeps the network and is complete', (kind) => {
    const changed = withKind(config, kind)
    expect(runConfig.parse(changed)).toEqual(changed)
    expect(changed.model).toMatchObject({ kind, latent: 32, layers: [32, 64], dense: 512 })
  })

  test('there and back gives the same', () => {
    expect(withKind(withKind(config, 'variational'), 'autoencoder')).toEqual(config)
  })

  test('to the other family brings layers of its own', () => {
    const dense = withFamily(config, 'mlp')
    expect(dense.model).toMatchObject({ family: 'mlp', layers: [512], dense: 0 })
    expect(withFamily(dense, 'cnn').model).toMatchObject({ layers: [32, 64], dense: 512 })
  })

  test('every corruption is one that the configuration allows', () => {
    for (const kind of Object.keys(noiseScales) as (keyof typeof noiseScales)[]) {
      const model = { ...withKind(config, 'denoising').model, corruption: corruptionOf(kind) }
      expect(runConfig.safeParse({ ...config, model }).success).toBe(true)
    }
  })
})

test('data that lie in a folder or file are chosen once that is', () => {
  expect(isChosen(sourceOf('mnist'))).toBe(true)
  expect(isChosen(sourceOf('folder'))).toBe(false)
  expect(isChosen({ kind: 'idx', path: 'handle', name: 'a', labels: null })).toBe(true)
})

test('a taken name gets the next number', () => {
  expect(freeName('vae', [])).toBe('vae')
  expect(freeName('vae', ['vae', 'vae 2'])).toBe('vae 3')
  expect(freeName('vae 2', ['vae', 'vae 2'])).toBe('vae 3')
})
