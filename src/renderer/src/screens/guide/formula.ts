/** Formulas, set by KaTeX: as HTML for the eye and as MathML for screen readers. */
import katex, { type KatexOptions } from 'katex'

const options: KatexOptions = {
  output: 'htmlAndMathml',
  fleqn: true,
  displayMode: true,
  throwOnError: true,
  strict: 'error',
  trust: false,
}

/** The formula as markup. @throws ParseError */
export const formulaMarkup = (tex: string): string => katex.renderToString(tex, options)

/** Puts the formula into an element. */
export const formulaIn =
  (tex: string) =>
  (element: HTMLElement): void =>
    katex.render(tex, element, options)
