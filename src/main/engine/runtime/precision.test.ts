import { expect, it } from 'vitest'
import { inferencePrecision } from './precision'

const able = 'flags\t\t: fpu avx2 avx512f avx512_bf16 sha_ni'

it('is bfloat16 only where processor and library have it', () => {
  expect(inferencePrecision('2.21.0', able, undefined)).toBe('bfloat16')
  expect(inferencePrecision('2.21.0', 'flags: amx_bf16 amx_tile', undefined)).toBe('bfloat16')
  expect(inferencePrecision('2.21.0', 'flags: fpu avx2 avx512f', undefined)).toBe('float32')
  expect(inferencePrecision('2.21.0', '', undefined)).toBe('float32')
  expect(inferencePrecision('2.9.1', able, undefined)).toBe('float32')
})

it('is what was asked for, if that is one', () => {
  expect(inferencePrecision('2.21.0', able, 'float32')).toBe('float32')
  expect(inferencePrecision('2.21.0', '', 'bfloat16')).toBe('bfloat16')
  expect(inferencePrecision('2.21.0', able, 'half')).toBe('bfloat16')
})
