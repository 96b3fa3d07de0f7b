// Reads the output of `go test -json`: prints a line for each package and all that a failing test said, and adds the counts to
// those of the front end's tests. The last line is the sum.
//
//   go test -json ./... | node .ci/report.mjs [vitest.json]
import { existsSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const count = { pass: 0, fail: 0, skip: 0 }
const said = new Map()
const skipped = []

const key = (e) => `${e.Package ?? e.ImportPath} ${e.Test ?? ''}`

for await (const line of createInterface({ input: process.stdin })) {
  let e
  try {
    e = JSON.parse(line)
  } catch {
    console.log(line)
    continue
  }
  switch (e.Action) {
    case 'output':
    case 'build-output':
      said.set(key(e), (said.get(key(e)) ?? '') + e.Output)
      break
    case 'build-fail':
      process.stdout.write(said.get(key(e)) ?? '')
      break
    case 'pass':
    case 'fail':
    case 'skip':
      if (e.Test) count[e.Action]++
      if (e.Test && e.Action === 'skip') skipped.push(key(e))
      if (e.Action === 'fail') {
        // A package that fails without a failing test did not build, or panicked.
        if (!e.Test && count.fail === 0) count.fail++
        process.stdout.write(said.get(key(e)) ?? '')
      }
      if (!e.Test && e.Action !== 'skip') console.log(`${e.Action.padEnd(4)}  ${e.Package}  ${e.Elapsed ?? 0}s`)
      said.delete(key(e))
  }
}

const web = process.argv[2]
if (web && existsSync(web)) {
  const r = JSON.parse(readFileSync(web, 'utf8'))
  count.pass += r.numPassedTests
  count.fail += r.numFailedTests
  count.skip += r.numPendingTests + r.numTodoTests
}
for (const s of skipped) console.log(`skipped  ${s}`)
console.log(`\ntests: ${count.pass} passed, ${count.fail} failed, ${count.skip} skipped`)
