import zlib from 'node:zlib'

/**
 * A zip file in memory, for tests.
 * @param {{ name: string, content: string, mode?: number, stored?: boolean, size?: number }[]} entries `size` lies about
 *   the content's length
 * @returns {Buffer}
 */
export function makeZip(entries) {
  /** @type {Buffer[]} */
  const bodies = []
  /** @type {Buffer[]} */
  const directory = []
  let offset = 0
  for (const { name, content, mode = 0o100644, stored = false, size } of entries) {
    const bytes = Buffer.from(content)
    const packed = stored ? bytes : zlib.deflateRawSync(bytes)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(name.length, 26)
    const central = Buffer.alloc(46)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(stored ? 0 : 8, 10)
    central.writeUInt32LE(packed.length, 20)
    central.writeUInt32LE(size ?? bytes.length, 24)
    central.writeUInt16LE(name.length, 28)
    central.writeUInt16LE(mode, 40)
    central.writeUInt32LE(offset, 42)
    bodies.push(local, Buffer.from(name), packed)
    directory.push(central, Buffer.from(name))
    offset += local.length + name.length + packed.length
  }
  const list = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(list.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...bodies, list, end])
}
