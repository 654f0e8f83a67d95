/** The lines of a report's protocol, and which of them belong beside its number. */
import type { MeasureReport } from '../../../../shared/latent'

/** Lines without which a number would be misread. */
const prominent = new Set(['likelihood-grey'])

export const noticesOf = ({ protocol }: MeasureReport): MeasureReport['protocol'] =>
  protocol.filter(({ name }) => prominent.has(name))

export const protocolOf = ({ protocol }: MeasureReport): MeasureReport['protocol'] =>
  protocol.filter(({ name }) => !prominent.has(name))
