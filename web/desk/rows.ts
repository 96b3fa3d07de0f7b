import type { Router } from 'vue-router'

/** A click anywhere on a row opens its record, but not one that selected text, hit a link, or asked for a new window. */
export function rowOpens(event: MouseEvent, router: Router, path: string): void {
  if ((event.target as HTMLElement).closest('a, button, input') || getSelection()?.toString()) return
  if (event.ctrlKey || event.metaKey) window.open(path, '_blank')
  else void router.push(path)
}
