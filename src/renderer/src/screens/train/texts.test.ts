import { describe, expect, test } from 'vitest'
import { fieldNames, numberField } from '../../state/configFields'
import { config, variational } from '../../state/testing/runs'
import { configFacts } from './configFacts'
import { problemText, shownNumber, typedNumber, valueText } from './fieldWords'
import { ago, clock, decibels, duration, loss, validationFigure } from './figures'
import { listText, typedList } from './lists'
import { corruptionName, modelName, specialName } from './words'

describe('measured numbers', () => {
  test('a loss has about four digits', () => {
    expect([1234.5, 110.123, 12.345, 1.2346, 0.01234, 1.2e-5, null].map(loss)).toEqual([
      '1235',
      '110.1',
      '12.35',
      '1.235',
      '0.0123',
      '1.20e−5',
      '–',
    ])
  })

  test('spans of time', () => {
    expect([0.42, 9.97, 59, 61, 3725].map(duration)).toEqual([
      '0.4 s',
      '10 s',
      '59 s',
      '1 min 1 s',
      '1 h 2 min',
    ])
    expect([31, 151, 3849].map(clock)).toEqual(['0:31', '2:31', '1:04:09'])
    expect([-5, 12_400, 150_000, 7_300_000].map(ago)).toEqual([
      '0 s ago',
      '12 s ago',
      '2 min ago',
      '2 h ago',
    ])
  })

  test('an MSE as PSNR', () => {
    expect(decibels(0.01)).toBe('20.0 dB')
  })

  test('a run is judged by its loss, a photo denoiser by its PSNR', () => {
    const losses = { loss: 3, reconstruction: 3, penalty: null, mse: 0.001 }
    expect(validationFigure(config, losses).text).toBe('3.000')
    const photo = { ...config, model: { kind: 'photo-denoiser' } } as unknown as typeof config
    expect(validationFigure(photo, losses).text).toBe('30.0 dB')
    expect(validationFigure(config, null)).toEqual({ value: null, text: '–' })
  })
})

describe('numbers that a person types', () => {
  const share = numberField('validation')

  test('are shown and read in the unit of the field', () => {
    expect(shownNumber(share, 1 / 12)).toBe('8.33333')
    expect(typedNumber(share, '10')).toBe(0.1)
    expect(valueText(config, 'validation')).toBe('8.33333 %')
    expect(valueText(config, 'clipNorm')).toBe('none')
  })

  test('with a decimal comma, spaces or an exponent', () => {
    const rate = numberField('rate')
    expect(['0,002', ' 2e-3 ', '0.002'].map((typed) => typedNumber(rate, typed))).toEqual([
      0.002, 0.002, 0.002,
    ])
    expect(typedNumber(rate, '')).toBeNaN()
    expect(typedNumber(rate, 'fast')).toBeNaN()
  })

  test('every field survives being shown and read', () => {
    for (const name of fieldNames) {
      const field = numberField(name)
      expect(typedNumber(field, shownNumber(field, field.maximum))).toBeCloseTo(field.maximum, 3)
    }
  })

  test('a fault names the range in the same unit', () => {
    expect(problemText('range', share)).toBe('From 0 to 50.')
    expect(problemText('range', numberField('rate'))).toBe('Above 0, up to 1.')
  })

  test('lists', () => {
    expect(typedList('32, 64，128；256 512')).toEqual([32, 64, 128, 256, 512])
    expect(typedList('32, x')).toEqual([32, NaN])
    expect(listText([32, 64])).toBe('32, 64')
  })
})

describe('what a run is called', () => {
  test('its kind, family and size', () => {
    expect(modelName(config)).toBe('Autoencoder CNN 32')
    expect(modelName(variational)).toBe('VAE CNN 32')
    const beta = { ...variational, model: { ...variational.model, beta: 4 } } as typeof config
    expect(modelName(beta)).toBe('β-VAE CNN 32')
  })

  test('what is special about it', () => {
    expect(specialName(config.model)).toBeNull()
    expect(specialName(variational.model)).toEqual({ name: 'β', value: '1' })
    expect(
      corruptionName({
        kind: 'mixed',
        parts: [
          { kind: 'gaussian', sigma: 25 },
          { kind: 'masking', share: 0.3 },
        ],
      }),
    ).toBe('Gaussian · σ 25 + Masking · 30 %')
  })

  test('its values have names of their own', () => {
    const names = configFacts(variational).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
