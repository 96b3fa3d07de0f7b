// Coordinates are WGS-84 micro-degrees, integers, as the log keeps them. Nothing here converts to another datum.
export interface Point {
  latE6: number
  lonE6: number
}

/** 东经 120.260000°，北纬 31.934000° */
export function formatPoint(point: Point): string {
  return `${point.lonE6 < 0 ? '西经' : '东经'} ${degrees(point.lonE6)}°，${point.latE6 < 0 ? '南纬' : '北纬'} ${degrees(point.latE6)}°`
}

/** 120.260000, 31.934000: for narrow places. */
export function formatPointShort(point: Point): string {
  return `${point.lonE6 < 0 ? '-' : ''}${degrees(point.lonE6)}, ${point.latE6 < 0 ? '-' : ''}${degrees(point.latE6)}`
}

function degrees(e6: number): string {
  return (Math.abs(e6) / 1e6).toFixed(6)
}

export function fromDegrees(lat: number, lon: number): Point {
  return { latE6: Math.round(lat * 1e6), lonE6: Math.round(lon * 1e6) }
}

/** Great-circle distance in metres, on the sphere that the server measures with too. */
export function distanceM(a: Point, b: Point): number {
  const radians = Math.PI / 180e6
  const dLat = (b.latE6 - a.latE6) * radians
  const dLon = (b.lonE6 - a.lonE6) * radians
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.latE6 * radians) * Math.cos(b.latE6 * radians) * Math.sin(dLon / 2) ** 2
  return 2 * 6371008.8 * Math.asin(Math.min(1, Math.sqrt(h)))
}

export function formatDistance(metres: number): string {
  if (metres < 1000) return `${Math.round(metres)} 米`
  return `${(metres / 1000).toFixed(metres < 10000 ? 2 : 1)} 公里`
}

/**
 * Reads what people copy from a chart plotter or a message: 「120.26, 31.934」, 「31.934N 120.26E」, 「北纬31°56′02.4″ 东经120°15′36″」,
 * 「31度56分 120度15.6分」. Without letters the order is told by the range: in China the longitude is always the larger number.
 */
export function parsePoint(text: string): Point | undefined {
  const clean = text
    .replace(/[０-９．，－＋]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replace(/经度|lon(?:gitude|g)?/gi, 'E').replace(/纬度|lat(?:itude)?/gi, 'N')
    .replace(/北[纬緯]/g, 'N').replace(/南[纬緯]/g, 'S').replace(/[东東][经經]/g, 'E').replace(/西[经經]/g, 'W')
    .replace(/度/g, '°').replace(/[分′’]/g, "'").replace(/[秒″”]|''/g, '"')
    .toUpperCase().trim()
  const number = String.raw`([-+]?\d+(?:\.\d+)?)\s*(?:°\s*(?:(\d+(?:\.\d+)?)\s*'\s*(?:(\d+(?:\.\d+)?)\s*")?)?)?`
  // Letters stand all before or all after their numbers; 「31N 120E」 is told from 「N31 E120」 by what comes first.
  const before = /^[^\d]*[NSEW]/.test(clean)
  const one = new RegExp(before ? String.raw`([NSEW])[\s:：=]*${number}` : String.raw`${number}\s*([NSEW])?`, 'g')
  const found: { value: number; letter: string }[] = []
  let rest = clean
  for (const m of clean.matchAll(one)) {
    const [letter = '', degreesText = '', minutesText, secondsText] = before ? m.slice(1) : [m[4], m[1], m[2], m[3]]
    const minutes = Number(minutesText ?? 0)
    const seconds = Number(secondsText ?? 0)
    if (minutes >= 60 || seconds >= 60) return undefined
    const size = Math.abs(Number(degreesText)) + minutes / 60 + seconds / 3600
    const negative = degreesText.startsWith('-') !== (letter === 'S' || letter === 'W')
    found.push({ value: negative ? -size : size, letter: letter === 'S' ? 'N' : letter === 'W' ? 'E' : letter })
    rest = rest.replace(m[0], ' ')
  }
  const [a, b] = found
  if (!a || !b || found.length !== 2 || /[^\s,;、；/()（）。]/.test(rest)) return undefined
  if (a.letter && a.letter === b.letter) return undefined
  let lat: number
  let lon: number
  if (a.letter === 'N' || b.letter === 'E') [lat, lon] = [a.value, b.value]
  else if (a.letter === 'E' || b.letter === 'N') [lat, lon] = [b.value, a.value]
  else if (Math.abs(a.value) > Math.abs(b.value)) [lat, lon] = [b.value, a.value]
  else [lat, lon] = [a.value, b.value]
  if (Math.abs(lat) > 90 || Math.abs(lon) > 180) return undefined
  return fromDegrees(lat, lon)
}

/** Whether a point can be in or near Wuxi at all: a typing slip lands elsewhere, and is asked about, not refused. */
export function nearWuxi(point: Point): boolean {
  return point.latE6 > 30_500_000 && point.latE6 < 32_700_000 && point.lonE6 > 118_800_000 && point.lonE6 < 121_200_000
}
