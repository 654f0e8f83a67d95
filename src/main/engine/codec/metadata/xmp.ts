/** The name of our own properties; it leads nowhere. */
const namespace = 'urn:latent-darkroom:processing'
const prefix = 'darkroom'

const escaped = (text: string): string =>
  text.replace(/[&<>"\p{Cc}]/gu, (character) => `&#${character.codePointAt(0)};`)

/**
 * An XMP packet with properties of ours, in place of those that an earlier pass left, all else byte for byte; a new
 * packet where there is none. A packet that is not RDF in UTF-8 is left as it is.
 */
export function withProperties(
  xmp: Uint8Array | null,
  properties: Record<string, string>,
): Uint8Array {
  const attributes = Object.entries(properties)
    .map(([name, value]) => ` ${prefix}:${name}="${escaped(value)}"`)
    .join('')
  const ours = `<rdf:Description rdf:about="" xmlns:${prefix}="${namespace}"${attributes}/>`
  if (!xmp) {
    return new TextEncoder().encode(
      '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>' +
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
        `${ours}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`,
    )
  }
  const text = Buffer.from(xmp).toString('latin1') // byte for byte
  const before = new RegExp(`<rdf:Description rdf:about="" xmlns:${prefix}="${namespace}"[^>]*/>`)
  const others = text.replace(before, '')
  const end = others.lastIndexOf('</rdf:RDF>')
  if (end < 0) return xmp
  const added = Buffer.from(ours, 'utf8').toString('latin1')
  return new Uint8Array(Buffer.from(others.slice(0, end) + added + others.slice(end), 'latin1'))
}

/**
 * The XMP packet for a file whose pixels are upright: a `tiff:Orientation` in it becomes 1, all else stays
 * byte for byte. (Both of RDF's ways to write it: attribute and element.)
 */
export function xmpForUpright(xmp: Uint8Array): Uint8Array {
  const text = Buffer.from(xmp).toString('latin1') // byte for byte, whatever the packet's encoding is
  const reset = text
    .replace(/(tiff:Orientation\s*=\s*["'])[2-8](["'])/g, '$11$2')
    .replace(/(<tiff:Orientation>\s*)[2-8](\s*<\/tiff:Orientation>)/g, '$11$2')
  return reset === text ? xmp : new Uint8Array(Buffer.from(reset, 'latin1'))
}
