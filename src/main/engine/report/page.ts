/** What reports have in common: one HTML file that needs nothing else. Everything from outside is to be escaped by {@link safe}. */
import { m } from '../../../shared/messages/compiled/messages'
import type { Locale } from '../../../shared/messages'

/** The program's own colours (`tokens.css`) on white, and on its dark ground where the reader's system is dark. */
const colours = `:root{color-scheme:light dark;--ground:#fff;--text:#1d1d1f;--muted:#5c5c63;--line:#d2d2d6;--grid:#dcdce0;--curve-1:#9a5a00;--curve-2:#1f62ad;--curve-3:#246b38;--curve-4:#93398a;--curve-5:#6b6100;--curve-6:#00696a;--curve-7:#a3271b;--curve-8:#5a44b8}
@media(prefers-color-scheme:dark){:root{--ground:#1b1b1c;--text:#e6e6e7;--muted:#a2a2a8;--line:#343437;--grid:#2f2f32;--curve-1:#f2a33a;--curve-2:#6aa7e8;--curve-3:#7cc48f;--curve-4:#d98ad0;--curve-5:#e0d05a;--curve-6:#5fc9c4;--curve-7:#f29488;--curve-8:#b3a4f2}}
`

const style = `${colours}body{max-width:920px;margin:32px auto;padding:0 24px;background:var(--ground);color:var(--text);font:14px/1.5 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:22px}h2{margin-top:32px;font-size:16px}p,li{max-width:72ch}
.m{color:var(--muted)}table{border-collapse:collapse;margin:8px 0}th,td{padding:3px 24px 3px 0;text-align:right;font-weight:400}
th:first-child,td:first-child{text-align:left}thead th{color:var(--muted)}tbody tr{border-top:1px solid var(--line)}
svg{display:block;width:100%}svg text{fill:var(--muted);font-size:11px;text-anchor:middle}svg .e{text-anchor:end}svg .g{stroke:var(--grid)}
.o{font-weight:600}.s{display:grid;grid-template-columns:repeat(auto-fill,minmax(220px,1fr));gap:24px}.s img{width:100%;image-rendering:pixelated}.w img{image-rendering:auto}
figure{margin:0}.l i{display:inline-block;width:14px;margin:0 6px 3px 16px;border-top:3px solid}`

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const safe = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)

/** A number with the digits that mean something. */
export function numberOf(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (Number.isInteger(value)) return value.toLocaleString('en')
  const size = Math.abs(value)
  if (size < 1e-3 || size >= 1e6) return value.toPrecision(3)
  return value.toFixed(size >= 1000 ? 0 : size >= 10 ? 2 : 4)
}

/** Cells are HTML already; the first of a row names it. */
export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = columns.map((column) => `<th scope="col">${column}</th>`).join('')
  const body = rows
    .map(([name = '', ...cells]) => {
      return `<tr><th scope="row">${name}</th>${cells.map((each) => `<td>${each}</td>`).join('')}</tr>`
    })
    .join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

/** A picture as an address that holds it. */
export const dataUrl = (png: Uint8Array): string =>
  `data:image/png;base64,${Buffer.from(png).toString('base64')}`

/**
 * The file around what a report says. Its policy lets it load nothing.
 * @param facts what stands small below the title
 * @param body HTML already
 */
export function page(
  title: string,
  facts: readonly string[],
  body: string,
  locale: Locale,
): string {
  const said = [...facts, m.app_name({}, { locale })].map(safe).join(' · ')
  return `<!doctype html>
<html lang="${locale}">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><title>${safe(title)}</title><style>${style}</style></head>
<body><main>
<h1>${safe(title)}</h1>
<p class="m">${said}</p>
${body}
</main></body>
</html>
`
}

/** When a report was made, in the time of no place. */
export const moment = (milliseconds: number): string =>
  `${new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ')} UTC`
