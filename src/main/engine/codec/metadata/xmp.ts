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
