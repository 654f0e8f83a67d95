/** Measured numbers in words. */
import { m } from '../../../../shared/messages/compiled/messages'
import type { DataCard, Losses, RunConfig } from '../../../../shared/training'
import { fixed } from '../../ui/format'

/** A loss with the digits that tell one epoch from the next. */
export function loss(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–'
  const size = Math.abs(value)
  if (size !== 0 && size < 1e-4) return value.toExponential(2).replace('-', '−')
  return fixed(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : size >= 1 ? 3 : 4)
}

/** A span of time: seconds, then minutes with seconds, then hours with minutes. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return m.train_seconds({ seconds: fixed(seconds, 1) })
  const whole = Math.round(seconds)
  if (whole < 60) return m.train_seconds({ seconds: whole })
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return m.train_minutes({ minutes, seconds: whole % 60 })
  return m.train_hours({ hours: Math.floor(minutes / 60), minutes: minutes % 60 })
}

/** `2:31`, `1:04:09`: a span of time in a table. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

export function ago(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return m.train_seconds_ago({ seconds })
  if (seconds < 3600) return m.train_minutes_ago({ minutes: Math.floor(seconds / 60) })
  return m.train_hours_ago({ hours: Math.floor(seconds / 3600) })
}

/** PSNR in dB of an MSE on [0, 1]. */
export const decibels = (mse: number): string => `${fixed(-10 * Math.log10(mse), 1)} dB`

/** The one validation figure of a run for a table: what its kind is judged by. */
export function validationFigure(
  config: RunConfig | null,
  losses: Losses | null,
): { value: number | null; text: string } {
  if (!losses) return { value: null, text: '–' }
  const { mse } = losses
  if (config?.model.kind === 'photo-denoiser' && mse) return { value: mse, text: decibels(mse) }
  return { value: losses.loss, text: loss(losses.loss) }
}

export const count = (value: number): string => value.toLocaleString('en')

/** How many images there are, and of how many where some could not be used. */
export function imagesUsed({ images, skipped }: DataCard): string {
  const all = count(images + skipped.length)
  return skipped.length > 0 ? m.train_data_used({ count: count(images), all }) : all
}
