/** There may be more to come. */
export const incomplete = Symbol('incomplete')

const record = { header: 5, handshake: 22, longest: 2 ** 14 + 256 }
const clientHello = { header: 4, type: 1 }
const serverNameExtension = 0
/** Greetings with many keys are about 2 KiB long; who needs more than this is not answered by name. */
const longestHello = 2 ** 14

/**
 * The server name that the greeting of a TLS client asks for (RFC 8446, 4.1.2; RFC 6066, 3), in lower case. `undefined`:
 * it asks for none, or it is no greeting, which whoever does the handshake finds out better.
 */
export function serverNameIn(bytes: Buffer): string | undefined | typeof incomplete {
  const parts: Buffer[] = []
  let length = 0
  for (let at = 0; ;) {
    if (bytes.length > at && bytes[at] !== record.handshake) return undefined
    if (bytes.length < at + record.header) return incomplete
    const end = at + record.header + bytes.readUInt16BE(at + 3)
    if (end === at + record.header || end > at + record.header + record.longest) return undefined
    const part = bytes.subarray(at + record.header, end)
    parts.push(part)
    length += part.length
    if (length >= clientHello.header) {
      const hello = parts.length === 1 ? part : Buffer.concat(parts)
      const whole = clientHello.header + hello.readUIntBE(1, 3)
      if (hello[0] !== clientHello.type || whole > longestHello) return undefined
      if (length >= whole) return nameIn(hello.subarray(clientHello.header, whole))
    }
    if (bytes.length < end) return incomplete
    at = end
  }
}

function nameIn(hello: Buffer): string | undefined {
  try {
    let at = 2 + 32
    at += 1 + hello.readUInt8(at)
    at += 2 + hello.readUInt16BE(at)
    at += 1 + hello.readUInt8(at)
    for (at += 2; at < hello.length;) {
      const type = hello.readUInt16BE(at)
      const length = hello.readUInt16BE(at + 2)
      at += 4
      if (type === serverNameExtension) return firstName(hello.subarray(at, at + length))
      at += length
    }
  } catch {
    // A length that points behind the end.
  }
  return undefined
}

/** The list holds one name, of the one kind that there is. */
function firstName(list: Buffer): string | undefined {
  if (list.readUInt8(2) !== 0) return undefined
  const length = list.readUInt16BE(3)
  const name = list.subarray(5, 5 + length)
  return length > 0 && name.length === length ? name.toString('latin1').toLowerCase() : undefined
}
