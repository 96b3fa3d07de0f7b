// Reads dates as people type and paste them. The browser's own field shows the order of its own language, and a filing date read
// month first would be another day.
function normal(text: string): string {
  return text.replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)).replace(/：/g, ':').replace(/．/g, '.').trim()
}

/** 2026-03-02, 2026/3/2, 2026.3.2, 20260302, 2026年3月2日 → 2026-03-02; undefined for what is no day of the calendar. */
export function readDate(text: string): string | undefined {
  const m = /^(\d{4})(?:\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?|(\d{2})(\d{2}))$/.exec(normal(text))
  if (!m) return undefined
  const [year, month, day] = [Number(m[1]), Number(m[2] ?? m[4]), Number(m[3] ?? m[5])]
  const at = new Date(Date.UTC(year, month - 1, day))
  if (year < 1900 || at.getUTCFullYear() !== year || at.getUTCMonth() !== month - 1 || at.getUTCDate() !== day) return undefined
  return at.toISOString().slice(0, 10)
}

/** A date and a time of day, 9:05, 0905 or 9时5分 → 2026-03-02T09:05. */
export function readMoment(text: string): string | undefined {
  const m = /^(.*?)[\sT]+(\d{1,2})\s*[:时]?\s*(\d{2}|\d(?=分))\s*分?$/.exec(normal(text))
  const date = m && readDate(m[1]!)
  if (!m || !date || Number(m[2]) > 23 || Number(m[3]) > 59) return undefined
  return `${date}T${m[2]!.padStart(2, '0')}:${m[3]!.padStart(2, '0')}`
}
