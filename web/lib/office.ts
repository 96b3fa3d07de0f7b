// What only the office app needs of the contract: the commands that keep the registry.
export interface OrganData {
  name: string
  docCode: string
  district: string
}

export interface ReachData {
  name: string
  water: string
  district: string
  regime: string
  lengthM?: number
  latE6: number
  lonE6: number
}

export interface OfficerData {
  name: string
  organ: string
  district: string
  roles: string[]
}

declare module './types' {
  interface CommandData {
    'organ.register': OrganData
    'reach.register': ReachData
    'officer.register': OfficerData
    'officer.assign': { organ: string; district: string; roles: string[] }
    'officer.certify': { certNo: string; from: string; until: string }
  }
}

/** The city as a district: who is assigned to it works on all of them. */
export const city = { code: '320200', name: '无锡市' }

export const resultNames = [{ code: 'suspected', name: '涉嫌违法' }, { code: 'unfounded', name: '不属实' }]
export const partyKinds = [{ code: 'person', name: '公民' }, { code: 'organisation', name: '法人或者其他组织' }, { code: 'unknown', name: '身份不明' }]
export const clockKinds = [
  { code: 'gnss', name: '卫星授时' }, { code: 'device', name: '设备时钟' }, { code: 'server', name: '服务器时钟' }, { code: 'document', name: '书面记载的日期，事后录入' },
]

declare module './types' {
  interface Measure {
    /** In Chinese: which events are counted, and by which date. */
    definition?: string
  }
}

/** An account as an administrator sees it. */
export interface AccountRow {
  account: string
  officer: string
  name: string
  district: string
  mustChangePassword: boolean
  disabled: boolean
  lockedUntil?: string
  createdAt: string
}

/** Shown once, to the administrator who asked for it. */
export interface OneTimePassword {
  account: string
  password: string
}
