// Reference data and the registry, read once a session and kept, and the names of codes that follow from them.
import { all } from '@lib/api'
import * as builtIn from '@lib/labels'
import { nameOf } from '@lib/labels'
import { city } from '@lib/office'
import type { Officer, Organ, Reach, Reference, Violation } from '@lib/types'
import { shallowRef, type ShallowRef } from 'vue'
import { ask, newest, withSession } from './session'

export const reference = shallowRef<Reference>()
export const reaches = shallowRef<Reach[]>([])
export const officers = shallowRef<Officer[]>([])
export const organs = shallowRef<Organ[]>([])

const reading = new Map<string, Promise<void>>()

function once(name: string, read: () => Promise<void>): Promise<void> {
  let under = reading.get(name)
  if (!under) {
    under = read()
    reading.set(name, under)
    under.catch(() => reading.delete(name)) // the next page tries again
  }
  return under
}

export const needReference = (): Promise<void> => once('reference', async () => { reference.value = await ask<Reference>('/reference') })

const list = <T>(name: string, into: ShallowRef<T[]>) => (): Promise<void> =>
  once(name, async () => { into.value = await withSession(() => all<T>(`/${name}`, newest() ? { waitFor: newest() } : {})) })

export const needReaches = list<Reach>('reaches', reaches)
export const needOfficers = list<Officer>('officers', officers)
export const needOrgans = list<Organ>('organs', organs)

/** Forgets what was read, so that the next page reads it again: after a change to the registry, or another person signed in. */
export function forget(...lists: ('reference' | 'reaches' | 'officers' | 'organs')[]): void {
  for (const name of lists) reading.delete(name)
}

export function violationOf(code: string | undefined): Violation | undefined {
  return reference.value?.violations.find((v) => v.code === code)
}

/** The Chinese name of a code, by the list it belongs to. */
export const names = {
  kind: (code: string | undefined) => nameOf(code, reference.value?.kinds, builtIn.kinds),
  source: (code: string | undefined) => nameOf(code, reference.value?.sources, builtIn.sources),
  regime: (code: string | undefined) => nameOf(code, reference.value?.regimes, builtIn.regimes),
  role: (code: string | undefined) => nameOf(code, reference.value?.roles, builtIn.roles),
  district: (code: string | undefined) => nameOf(code, reference.value?.districts, [city]),
  finding: (code: string | undefined) => nameOf(code, reference.value?.statuses.finding, builtIn.findingStatuses),
  case: (code: string | undefined) => nameOf(code, reference.value?.statuses.case, builtIn.caseStatuses),
  patrol: (code: string | undefined) => nameOf(code, reference.value?.statuses.patrol, builtIn.patrolStatuses),
  means: (code: string | undefined) => nameOf(code, reference.value?.means, builtIn.means),
  vesselType: (code: string | undefined) => nameOf(code, reference.value?.vesselTypes, builtIn.vesselTypes),
  vesselPapers: (code: string | undefined) => nameOf(code, reference.value?.vesselPapers, builtIn.vesselPapers),
  reason: (code: string | undefined) => nameOf(code, reference.value?.reasons, builtIn.reasons),
  ground: (code: string | undefined) => nameOf(code, reference.value?.grounds, builtIn.grounds),
  placeSource: (code: string | undefined) => nameOf(code, builtIn.placeSources),
  violation: (code: string | undefined) => nameOf(code, reference.value?.violations),
  reach: (id: string | undefined) => reaches.value.find((r) => r.id === id)?.name ?? '',
  officer: (id: string | undefined) => officers.value.find((o) => o.id === id)?.name ?? '',
  organ: (id: string | undefined) => organs.value.find((o) => o.id === id)?.name ?? '',
}

/** 四乱 and the sand trade, the two groups kinds fall into. */
export const groups = [{ code: 'sand', name: '采砂' }, { code: 'shoreline', name: '岸线四乱' }]
