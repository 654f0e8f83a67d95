/** What the Lab's methods are called. */
import type { ClassicalName, LabRow } from '../lab'
import type { Locale } from './index'
import { m } from './compiled/messages'

const classicalWords: Record<ClassicalName, typeof m.lab_nlm> = {
  nlm: m.lab_nlm,
  wavelet: m.lab_wavelet,
  'total-variation': m.lab_total_variation,
  bilateral: m.lab_bilateral,
  median: m.lab_median,
}

export const classicalWord = (name: ClassicalName, locale?: Locale): string =>
  classicalWords[name]({}, locale ? { locale } : {})

/** A network is called by its own title. */
export function labMethodName({ method, title }: Omit<LabRow, 'outcome'>, locale?: Locale): string {
  return method.kind === 'classical' ? classicalWord(method.name, locale) : (title ?? '')
}
