// Everything is shown in Beijing time (Asia/Shanghai), whatever zone the device is set to: a report on paper has no other.
const zone = 'Asia/Shanghai'

const parts = new Intl.DateTimeFormat('en-CA', {
  timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
})

type Moment = string | number | Date

function split(moment: Moment): Record<string, string> | undefined {
  const date = moment instanceof Date ? moment : new Date(moment)
  if (Number.isNaN(date.getTime())) return undefined
  const out: Record<string, string> = {}
  for (const part of parts.formatToParts(date)) out[part.type] = part.value
  return out
}

/** 2026-03-02; empty for what is no time. */
export function formatDate(moment: Moment | undefined): string {
  const p = moment === undefined ? undefined : split(moment)
  return p ? `${p.year}-${p.month}-${p.day}` : ''
}

/** 09:05 */
export function formatTime(moment: Moment | undefined): string {
  const p = moment === undefined ? undefined : split(moment)
  return p ? `${p.hour}:${p.minute}` : ''
}

/** 2026-03-02 09:05 */
export function formatDateTime(moment: Moment | undefined): string {
  const p = moment === undefined ? undefined : split(moment)
  return p ? `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}` : ''
}

/** 2026-03-02 09:05:07 */
export function formatSeconds(moment: Moment | undefined): string {
  const p = moment === undefined ? undefined : split(moment)
  return p ? `${p.year}-${p.month}-${p.day} ${p.hour}:${p.minute}:${p.second}` : ''
}

/** 今天 09:05, 昨天 22:10, 3月1日 09:05, and with the year when it is another one. */
export function formatNear(moment: Moment | undefined, now: Moment = Date.now()): string {
  const p = moment === undefined ? undefined : split(moment)
  const n = split(now)
  if (!p || !n) return ''
  const time = `${p.hour}:${p.minute}`
  const day = `${p.year}-${p.month}-${p.day}`
  if (day === today(now)) return `今天 ${time}`
  if (day === addDays(today(now), -1)) return `昨天 ${time}`
  const date = `${Number(p.month)}月${Number(p.day)}日`
  return p.year === n.year ? `${date} ${time}` : `${p.year}年${date}`
}

/** The civil date in China. */
export function today(now: Moment = Date.now()): string {
  return formatDate(now)
}

/** The civil date some days on. */
export function addDays(date: string, days: number): string {
  const at = new Date(`${date}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return Number.isNaN(at.getTime()) ? date : at.toISOString().slice(0, 10)
}

/** 00:42 as hours and minutes; from a hundred hours on, more digits. */
export function formatDuration(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60000))
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** With China's offset, as evidence carries it: 2026-03-02T09:04:10+08:00. China has had no other offset since 1991. */
export function withOffset(moment: Moment): string {
  const p = split(moment)
  return p ? `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}:${p.second}+08:00` : ''
}
