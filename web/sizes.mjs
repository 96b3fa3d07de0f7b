// What a first visit downloads before it shows anything, compressed, against the budgets. CI fails when one is broken.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const at = (path) => new URL(path, import.meta.url)
const zipped = (path) => gzipSync(readFileSync(at(path)), { level: 9 }).length
let broken = false

function budget(name, bytes, most) {
  console.log(`${name.padEnd(24)} ${(bytes / 1024).toFixed(1)} KB of ${(most / 1024).toFixed(0)} KB`)
  broken ||= bytes > most
}

for (const [app, base, most] of [['m', '/m/', 120 * 1024], ['desk', '/', 300 * 1024]]) {
  const html = readFileSync(at(`dist/${app}/index.html`), 'utf8')
  const files = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)].map((m) => m[1].slice(base.length))
  budget(`${app}: entry js + css`, files.reduce((sum, file) => sum + zipped(`dist/${app}/${file}`), 0), most)
}
budget('m: sw.js', readFileSync(at('dist/m/sw.js')).length, 3 * 1024)
process.exit(broken ? 1 : 0)
