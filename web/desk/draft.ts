// A filing being filled in, kept in this window until it is sent: a reload, a wrong click or an ended session must neither lose it
// nor turn it into a second filing, so the ids made for it are kept with it. Signing out and closing the window drop it.
import type { Kept } from './act'
import type { FilingForm } from './filing'

export interface Draft {
  case: string
  act: Kept
  form: FilingForm
  /** The title was written by hand and follows party and cause no more. */
  ownTitle: boolean
}

const keyOf = (finding: string): string => `filing:${finding}`

export function readDraft(finding: string): Draft | undefined {
  try {
    const draft = JSON.parse(sessionStorage.getItem(keyOf(finding)) ?? 'null') as Draft | null
    return draft?.case && draft.act?.id && draft.form?.parties?.length ? draft : undefined
  } catch {
    return undefined
  }
}

export function saveDraft(finding: string, draft: Draft): void {
  try {
    sessionStorage.setItem(keyOf(finding), JSON.stringify(draft))
  } catch {
    // No room, or storage is forbidden: the form still works, only a reload would lose it.
  }
}

export function dropDraft(finding: string): void {
  sessionStorage.removeItem(keyOf(finding))
}
