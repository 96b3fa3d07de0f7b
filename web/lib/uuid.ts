// UUIDv7 (RFC 9562): ids made on the device sort by the time they were made. Made here because crypto.randomUUID knows version 4 only.
let lastMs = 0
let counter = 0

/** A new id. Within one millisecond, and when the clock steps back, ids keep rising: the 12 bits after the version count. */
export function uuidv7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  if (now > lastMs) {
    lastMs = now
    counter = ((bytes[6]! & 0x07) << 8) | bytes[7]! // starts in the lower half, so that there is room to count
  } else if (++counter > 0xfff) {
    lastMs++
    counter = 0
  }
  bytes[0] = Math.floor(lastMs / 2 ** 40) & 0xff
  bytes[1] = Math.floor(lastMs / 2 ** 32) & 0xff
  bytes[2] = (lastMs >>> 24) & 0xff
  bytes[3] = (lastMs >>> 16) & 0xff
  bytes[4] = (lastMs >>> 8) & 0xff
  bytes[5] = lastMs & 0xff
  bytes[6] = 0x70 | (counter >>> 8)
  bytes[7] = counter & 0xff
  bytes[8] = 0x80 | (bytes[8]! & 0x3f)
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The millisecond an id was made at; NaN for what is no UUIDv7. */
export function madeAt(id: string): number {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id) ? parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : NaN
}
