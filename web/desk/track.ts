// Plain drawing of places: no map service is needed, and none is asked.
import { distanceM, type Point } from '@lib/coordinates'

export interface Fix extends Point {
  at: string
}

/** A pause between two fixes longer than this, or a jump wider, is a gap: what happened there is not known and is not drawn. */
const gapMs = 5 * 60_000
const gapM = 2000

export interface Track {
  segments: Fix[][]
  gaps: { from: Fix; to: Fix; ms: number }[]
}

export function segments(fixes: readonly Fix[]): Track {
  const track: Track = { segments: [], gaps: [] }
  let current: Fix[] = []
  for (const fix of fixes) {
    const last = current.at(-1)
    if (last) {
      const ms = Date.parse(fix.at) - Date.parse(last.at)
      if (ms > gapMs || distanceM(last, fix) > gapM) {
        track.segments.push(current)
        track.gaps.push({ from: last, to: fix, ms })
        current = []
      }
    }
    current.push(fix)
  }
  if (current.length) track.segments.push(current)
  return track
}

export interface Frame {
  width: number
  height: number
  x: (p: Point) => number
  y: (p: Point) => number
  /** Metres that one unit of the drawing stands for. */
  metres: number
}

/** Fits points into a drawing, north up, a degree of longitude shortened as it is at that latitude. */
export function fit(given: readonly Point[], width: number, height: number, leastM = 1500, margin = 0.14): Frame {
  const points = given.length ? given : [{ latE6: 31_570_000, lonE6: 120_300_000 }] // nothing to show yet: somewhere in Wuxi
  const lats = points.map((p) => p.latE6)
  const lons = points.map((p) => p.lonE6)
  const south = Math.min(...lats), north = Math.max(...lats), west = Math.min(...lons), east = Math.max(...lons)
  const midLat = (south + north) / 2, midLon = (west + east) / 2
  const perLat = 0.111195 // metres a micro-degree
  const perLon = perLat * Math.cos((midLat / 1e6) * (Math.PI / 180))
  const wide = Math.max((east - west) * perLon, leastM), tall = Math.max((north - south) * perLat, leastM)
  const metres = Math.max(wide / (width * (1 - 2 * margin)), tall / (height * (1 - 2 * margin)))
  return {
    width, height, metres,
    x: (p) => width / 2 + ((p.lonE6 - midLon) * perLon) / metres,
    y: (p) => height / 2 - ((p.latE6 - midLat) * perLat) / metres,
  }
}

/** A round length for the scale bar that fills at most a third of the width. */
export function scaleBar(frame: Frame): { units: number; text: string } {
  const most = (frame.width * frame.metres) / 3
  const power = 10 ** Math.floor(Math.log10(most))
  const length = [5, 2, 1].map((n) => n * power).find((n) => n <= most) ?? power
  return { units: length / frame.metres, text: length >= 1000 ? `${length / 1000} 公里` : `${length} 米` }
}
