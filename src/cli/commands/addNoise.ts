/** `add-noise IN --out PATH --kind KIND …`: a noisy copy, clipped and rounded as a file holds it; the same seed gives the same bytes. */
import { m } from '../../shared/messages/compiled/messages'
import type { Noise, SimpleNoise } from '../../shared/types'
import { exportFormat, fullLook, noiseKinds } from '../../shared/types'
import { inputsOf, numberOf, oneOf, parse, required, usage } from '../arguments'
import type { Command } from '../context'
import { forEachInput } from '../failures'
import { expandInputs } from '../../main/engine/batch/inputs'
import { fileOptionsOf, fileOptionTable, pageOf, processInput } from '../photo'
import { targetsOf } from '../targets'

type Kind = SimpleNoise['kind']
type Amount = 'sigma' | 'photons' | 'share' | 'quality'

const amounts: Record<Kind, { option: Amount; from: number; to: number; whole?: boolean }> = {
  gaussian: { option: 'sigma', from: 0, to: 255 },
  poisson: { option: 'photons', from: 1, to: 100_000 },
  'salt-pepper': { option: 'share', from: 0, to: 1 },
  speckle: { option: 'sigma', from: 0, to: 255 },
  masking: { option: 'share', from: 0, to: 1 },
  jpeg: { option: 'quality', from: 1, to: 100, whole: true },
}

/** One `--kind`: `gaussian` with its amount as `--sigma`, or `gaussian:25`, which several kinds need. */
function simpleNoiseOf(
  source: string,
  text: string,
  values: Partial<Record<Amount, string | undefined>>,
): SimpleNoise {
  const [name = '', given] = text.split(':')
  const kind = oneOf(source, name, noiseKinds)
  const { option, from, to, whole } = amounts[kind]
  const amount = given ?? values[option]
  const named = given === undefined ? `--${option}` : source
  const value = numberOf(named, required(named, amount), from, to, whole)
  return { kind, [option]: value } as SimpleNoise
}

/**
 * One or several kinds of noise, in the order in which they were given.
 * @param option that named them, for what is said about a mistake
 * @throws DarkroomError `usage`
 */
export function noiseOf(
  option: string,
  kinds: readonly string[],
  values: Partial<Record<Amount, string | undefined>>,
): Noise {
  if (kinds.length > 6) throw usage(m.cli_too_many_kinds())
  const parts = kinds.map((kind) => simpleNoiseOf(option, kind, values))
  return parts.length === 1 ? (parts[0] as SimpleNoise) : { kind: 'mixed', parts }
}

export const addNoise: Command = async (args, context) => {
  const { values, positionals } = parse(args, {
    out: { type: 'string' },
    kind: { type: 'string', multiple: true },
    sigma: { type: 'string' },
    photons: { type: 'string' },
    share: { type: 'string' },
    quality: { type: 'string' },
    seed: { type: 'string' },
    format: { type: 'string' },
    'export-quality': { type: 'string' },
    ...fileOptionTable,
  })
  const named = inputsOf(positionals)
  const out = required('--out', values.out)
  const noise = noiseOf('--kind', required('--kind', values.kind), values)
  const seed = numberOf('--seed', values.seed ?? '0', 0, 2 ** 31 - 1, true)
  const files = fileOptionsOf(values, values['export-quality'])
  const page = pageOf(values.page)
  const format = values.format && oneOf('--format', values.format, exportFormat.options)
  const inputs = await expandInputs(named, out)
  const single = inputs.length === 1 && inputs[0]?.path === named[0]
  const targets = await targetsOf(inputs, { out, single, format: format || undefined })
  const engine = context.createEngine()
  try {
    const failed = await forEachInput(inputs, context, async (input) => {
      if (input.error) throw input.error
      const { path } = input
      const target = await targets.of(input)
      const { out, bytes } = await processInput(
        engine,
        { path, page, target },
        { layer: 'noisy', look: fullLook, files },
        ({ photo }) => engine.handlers['photo.addNoise']({ photo, noise, seed }, () => undefined),
        context,
      )
      if (context.json) {
        context.terminal.out(JSON.stringify({ path, out, bytes, noise, seed }))
      } else context.terminal.out(m.cli_noise_added({ path, out }))
    })
    return failed > 0 ? 1 : 0
  } finally {
    await engine.close()
  }
}
