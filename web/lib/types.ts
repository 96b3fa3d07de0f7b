// The shapes of the HTTP contract, written once for both apps. Codes are open strings where the server's reference list is the authority.

export interface Named {
  code: string
  name: string
}

export interface Organ {
  id: string
  name: string
  docCode: string
  district: string
}

export interface Me {
  account: string
  officer: string
  name: string
  certNo?: string
  certFrom?: string
  certUntil?: string
  roles: string[]
  district: string
  districtName: string
  organ: Organ
  mustChangePassword: boolean
  can: string[]
}

export interface District extends Named {
  statutory: boolean
}

export interface Violation extends Named {
  basis: string
  regimes: string[]
  kinds: string[]
  from: string
  until: string
}

export interface Measure extends Named {
  unit: string
}

export interface Reference {
  districts: District[]
  kinds: Named[]
  regimes: Named[]
  roles: Named[]
  violations: Violation[]
  sources: Named[]
  statuses: { finding: Named[]; case: Named[]; patrol: Named[] }
  reasons: Named[]
  grounds: Named[]
  means: Named[]
  vesselTypes: Named[]
  vesselPapers: Named[]
  lawVersion: string
  measures: Measure[]
}

export interface Reach {
  id: string
  name: string
  water: string
  district: string
  regime: string
  lengthM?: number
  latE6: number
  lonE6: number
}

export interface Officer {
  id: string
  name: string
  certNo?: string
  certFrom?: string
  certUntil?: string
  organ: string
  organName: string
  district: string
  roles: string[]
}

/** A page of a list; total stands on the first page only. */
export interface Page<T> {
  items: T[]
  next?: string
  position: number
  total?: number
}

// --- Commands

export interface Place {
  latE6: number
  lonE6: number
  datum: 'WGS84'
  accuracyCm: number
  source: 'gnss' | 'map' | 'document'
  note?: string
}

export interface Evidence {
  id: string
  sha256: string
  size: number
  mediaType: string
  caption?: string
  takenAt?: string
  previous?: string
}

export interface Vessel {
  name?: string
  mmsi?: string
  type: string
  papers: string
}

export interface Approval {
  name: string
  post: string
  opinion: string
  approvedOn: string
}

export interface Party {
  kind: string
  name: string
  idNo?: string
  legal?: string
  phone?: string
  address?: string
}

export interface Filing {
  title: string
  violation: string
  summary: string
  parties: Party[]
  conductEndedOn: string
  graveHarm: boolean
  handlers: string[]
  conditions: { violationFact: boolean; punishable: boolean; ownJurisdiction: boolean }
  unitHead: Approval
  organHead: Approval
}

export interface TrackPoint {
  latE6: number
  lonE6: number
  accuracyCm: number
  at: string
}

/** What each command carries, by its type. */
export interface CommandData {
  'patrol.depart': { officers: string[]; reaches: string[]; means: string; purpose?: string }
  'patrol.track': { points: TrackPoint[] }
  'patrol.return': { note?: string }
  'finding.report': {
    source: string
    kind: string
    patrol?: string
    reach: string
    place: Place
    description: string
    vessel?: Vessel
    persons?: number
    areaM2?: number
    lengthM?: number
    volumeM3?: number
    photos: Evidence[]
    officers: string[]
  }
  'finding.verify': { result: string; note: string; photos?: Evidence[]; officers: string[] }
  'finding.do_not_file': { reason: string; note: string; approval: Approval }
  'finding.approve_filing': { case: string; filing: Filing }
  'case.close': { ground: string; note: string; receiver?: string; receipt?: string; approval: Approval }
}

export type CommandType = keyof CommandData

export interface Command<T extends CommandType = CommandType> {
  type: T
  aggregate: string
  occurredAt: string
  clock: { kind: string; uncertaintyMs: number }
  device?: { id: string; seq: number }
  causation?: string
  data: CommandData[T]
}

export interface Accepted {
  stream: string
  revision: number
  position: number
  events: { id: string; type: string; revision: number }[]
  recordedAt: string
  number?: string
  case?: string
}

/** RFC 9457 as the server writes it: title and detail are Chinese, detail says what to do. */
export interface Problem {
  type?: string
  title: string
  status: number
  detail?: string
  code: string
  article?: string
  traceId?: string
  errors?: { field: string; code: string; message: string }[]
}

// --- Queries

export interface ReachRef {
  id: string
  name: string
}

export interface CrewMember {
  id: string
  name: string
  certNo?: string
}

export interface FindingRow {
  id: string
  kind: string
  status: string
  source: string
  reach: ReachRef
  district: string
  foundAt: string
  recordedAt: string
  description: string
  placeNote?: string
  latE6: number
  lonE6: number
  photos: number
  photosStored: number
  vesselName?: string
  reporterName: string
  case?: string
  caseNumber?: string
  violation?: string
}

export interface StoredPhoto {
  sha256: string
  size: number
  mediaType: string
  caption?: string
  stored: boolean
  url: string
}

export interface Finding extends FindingRow {
  place: Place
  vessel?: Vessel
  persons?: number
  areaM2?: number
  lengthM?: number
  volumeM3?: number
  crew: CrewMember[]
  photoList: StoredPhoto[]
  patrol?: string
  verified?: { result: string; note: string; crew: CrewMember[]; verifiedAt: string }
  notFiled?: { reason: string; note: string; approval: Approval; decidedAt: string }
}

export interface FindingAnswer {
  finding: Finding
  allowed: string[]
  position: number
}

export interface CaseRow {
  id: string
  number: string
  title: string
  violation: string
  violationName: string
  kind: string
  status: string
  source: string
  district: string
  reach: ReachRef
  organ: string
  party: string
  discoveredOn: string
  filedOn: string
  closedOn?: string
  ground?: string
  handlers: string[]
  finding: string
}

export interface CaseFile extends Omit<CaseRow, 'ground'> {
  filing: Filing
  ground?: { kind: string; regime: string; discoveredOn: string; filedOn: string; handlers: CrewMember[] }
  closed?: { ground: string; note: string; receiver?: string; receipt?: string; approval: Approval; closedAt: string }
  organName: string
}

export interface CaseAnswer {
  case: CaseFile
  finding: FindingRow | null
  allowed: string[]
  position: number
}

export interface PatrolRow {
  id: string
  district: string
  means: string
  purpose?: string
  status: string
  departedAt: string
  returnedAt?: string
  distanceM: number
  points: number
  crew: string[]
  reaches: ReachRef[]
  findings: number
}

export interface PatrolAnswer {
  patrol: Omit<PatrolRow, 'crew'> & { crew: CrewMember[]; note?: string; track: { latE6: number; lonE6: number; at: string }[] }
  findings: FindingRow[]
  position: number
}

export interface StreamEvent {
  position: number
  stream: string
  revision: number
  id: string
  type: string
  typeName: string
  occurredAt: string
  recordedAt: string
  clock: { kind: string; uncertaintyMs: number }
  actor: { officer: string; name: string; certNo?: string; role?: string }
  device?: { id: string; seq: number }
  summary: string
  data: unknown
  hash: string
  prevHash: string
}

export interface StatisticsAnswer {
  rows: { key: Record<string, string>; values: Record<string, number> }[]
  totals: Record<string, number>
  position: number
}

export interface StatisticsEntry {
  amount: number
  day: string
  district: string
  reach: string
  kind: string
  stream: string
  eventId: string
  type: string
  position: number
  subject: string
  link: { kind: 'finding' | 'case' | 'patrol'; id: string }
}

export interface StatisticsEntries {
  items: StatisticsEntry[]
  next?: string
  total: number
  sum: number
  position: number
}
