import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Plugin } from 'vite'

/** Writes the service worker after the build, with the list of what was built and a version that is the hash of all of it. */
export function precache(outDir: string, template: string, base: string): Plugin {
  return {
    name: 'precache',
    apply: 'build',
    closeBundle() {
      const files = readdirSync(outDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'sw.js')
        .map((entry) => relative(outDir, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort()
      const hash = createHash('sha256').update(readFileSync(template))
      for (const file of files) hash.update(file).update('\0').update(readFileSync(join(outDir, file)))
      // The page goes in as the folder: asked for by its file name, servers redirect, and a redirected answer cannot open a page offline.
      const list = files.map((file) => base + (file === 'index.html' ? '' : file))
      const worker = readFileSync(template, 'utf8').replace('__VERSION__', hash.digest('hex').slice(0, 12)).replace('__FILES__', JSON.stringify(list))
      writeFileSync(join(outDir, 'sw.js'), worker)
    },
  }
}
