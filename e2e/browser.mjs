// The whole way through the house in a real browser: an officer on a phone reports a sand vessel with a photo, the handler files a
// case from it in the office, the case stands in the ledger and adds one to the figures, and the figure opens to the report.
//
//   BASE=http://127.0.0.1:8080 ACCOUNTS=demo-accounts.json PHOTO=photo.jpg SHOTS=folder node e2e/browser.mjs
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from '../web/node_modules/playwright-core/index.mjs'

const { BASE, ACCOUNTS, PHOTO, SHOTS } = process.env
mkdirSync(SHOTS, { recursive: true })
const accounts = JSON.parse(readFileSync(ACCOUNTS, 'utf8'))
const password = (account) => accounts.find((a) => a.account === account).password
const photoHash = createHash('sha256').update(readFileSync(PHOTO)).digest('hex')
const today = new Date().toLocaleDateString('sv-SE', { timeZone: 'Asia/Shanghai' })
const description = `浏览器全程测试：江面一艘船正在吸砂 ${Date.now()}`

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
const faults = []

// A page may be told 401 before anyone has signed in; nothing else may go wrong without being seen.
function watch(page, name) {
  page.setDefaultTimeout(90_000) // a busy machine is slow, not wrong
  page.on('pageerror', (e) => faults.push(`${name}: ${e.message}`))
  page.on('console', (m) => {
    if (m.type() === 'error' && !/status of 40[14]|ERR_INTERNET_DISCONNECTED|net::ERR/.test(m.text())) faults.push(`${name}: ${m.text()}`)
  })
  page.on('response', (r) => {
    if (r.status() >= 400 && ![401].includes(r.status()) && !(r.status() === 404 && r.request().method() === 'HEAD')) faults.push(`${name}: ${r.status()} ${r.request().method()} ${r.url()}`)
  })
}
const id = (page, name) => page.getByTestId(name)
const input = (page, name) => page.locator(`input[data-testid=${name}], [data-testid=${name}] input, textarea[data-testid=${name}], [data-testid=${name}] textarea`).first()

async function shot(page, name) {
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: name.startsWith('office') })
  // Nothing may stick out of the screen to the side, and no key of a text may show instead of the text.
  const look = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    // Raw JSON of an event shows codes, as it should.
    text: [...document.querySelectorAll('pre, code')].reduce((text, raw) => text.replace(raw.innerText, ''), document.body.innerText),
  }))
  assert.ok(look.wide <= 0, `${name}: page is ${look.wide}px wider than the screen`)
  assert.ok(look.text.trim().length > 10, `${name}: page is blank`)
  const leak = look.text.match(/\bundefined\b|\bNaN\b|\[object |\b(sand|shoreline)\.[a-z]+\b|\b(not_filed|approve_filing|transferred_criminal)\b/)
  assert.ok(!leak, `${name}: shows ${leak?.[0]}`)
}

async function signIn(page, path, account) {
  await page.goto(BASE + path)
  await input(page, 'login-account').fill(account)
  await input(page, 'login-password').fill(password(account))
  await id(page, 'login-submit').click()
}

try {
  // --- The office first looks at the figures as they are.
  const desk = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' })
  const office = await desk.newPage()
  watch(office, 'office')
  await office.goto(BASE + '/')
  await id(office, 'login-submit').waitFor()
  await shot(office, 'office-1-sign-in')
  await signIn(office, '/', 'jy-handler')
  await office.getByRole('heading', { name: '待办首页' }).waitFor()
  await shot(office, 'office-2-home')
  const total = async (measure) => {
    const figures = await (await desk.request.get(`${BASE}/api/v1/statistics?measure=findings&measure=casesFiled`)).json()
    return figures.totals[measure]
  }
  const before = { findings: await total('findings'), casesFiled: await total('casesFiled') }

  // --- The phone.
  const phone = await browser.newContext({
    viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai',
    geolocation: { latitude: 31.9465, longitude: 120.2712, accuracy: 8 }, permissions: ['geolocation'],
  })
  const field = await phone.newPage()
  watch(field, 'field')
  await field.goto(BASE + '/m/')
  await id(field, 'login-submit').waitFor()
  await shot(field, 'field-1-sign-in')
  await signIn(field, '/m/', 'jy-officer-1')
  await id(field, 'report-kind-sand.vessel').waitFor()
  await shot(field, 'field-2-home')

  await id(field, 'tab-patrol').click()
  await id(field, 'patrol-means-boat').click()
  const people = field.locator('[data-testid^=patrol-officer-]')
  await people.first().waitFor()
  for (const person of await people.all()) {
    if ((await field.locator('[data-testid^=patrol-officer-][aria-checked=true]').count()) >= 2) break
    if ((await person.getAttribute('aria-checked')) !== 'true') await person.click()
  }
  const reach = field.locator('[data-testid^=patrol-reach-][role=checkbox]', { hasText: '长江江阴段' })
  if ((await reach.getAttribute('aria-checked')) !== 'true') await reach.click()
  await shot(field, 'field-3-patrol-form')
  await id(field, 'patrol-start').click()
  await id(field, 'patrol-running').waitFor()
  await shot(field, 'field-4-patrol-running')

  // --- The network goes away before the report is written.
  await field.waitForFunction(() => navigator.serviceWorker.controller !== null)
  await phone.setOffline(true)
  await id(field, 'patrol-report').click()
  await id(field, 'report-kind-sand.vessel').click()
  await id(field, 'report-photo').setInputFiles(PHOTO)
  await id(field, 'report-photo-item').waitFor()
  await id(field, 'report-place').waitFor()
  await id(field, 'vessel-type-dredger').click()
  await id(field, 'vessel-papers-none').click()
  await input(field, 'report-vessel-name').fill('示例货2026')
  await input(field, 'report-description').fill(description)
  await shot(field, 'field-5-report')
  await id(field, 'report-submit').click()
  await id(field, 'tab-outbox').click()
  await field.getByText(/待上传/).first().waitFor()
  await shot(field, 'field-6-outbox-offline')
  await field.reload() // the app must come up without a network, with everything still there
  await id(field, 'outbox-item').first().waitFor()
  await shot(field, 'field-7-outbox-offline-reloaded')
  await phone.setOffline(false)
  await field.locator('[data-testid=outbox-state][data-state=done]').first().waitFor({ timeout: 120_000 })
  await field.waitForFunction(() => !document.querySelector('[data-testid=outbox-state]:not([data-state=done])'), undefined, { timeout: 120_000 })
  await shot(field, 'field-8-outbox-done')

  // --- The office sees it arrive.
  await office.goto(BASE + '/findings?status=reported')
  const row = id(office, 'finding-row').filter({ hasText: description })
  await row.waitFor()
  await shot(office, 'office-3-findings')
  await row.click()
  await office.waitForURL(/\/findings\/[0-9a-f-]{36}/)
  await id(office, 'finding-facts').waitFor()
  const finding = office.url().split('/').pop().split('?')[0]
  const stored = await desk.request.get(`${BASE}/api/v1/findings/${finding}`).then((r) => r.json())
  assert.equal(stored.finding.photoList[0].sha256, photoHash, 'the photo cited is the photo taken')
  assert.equal(stored.finding.photoList[0].stored, true)
  const bytes = await desk.request.get(BASE + stored.finding.photoList[0].url).then((r) => r.body())
  assert.equal(createHash('sha256').update(bytes).digest('hex'), photoHash, 'the photo served is the photo taken')
  await shot(office, 'office-4-finding')

  // --- The case is filed.
  await id(office, 'finding-file').click()
  await id(office, 'filing-form').waitFor()
  await input(office, 'party-name-0').fill('王示例')
  await office.locator('[data-testid=filing-violation]').click()
  await office.getByRole('option', { name: /未办理河道采砂许可证擅自在长江采砂/ }).first().click()
  for (const c of ['violationFact', 'punishable', 'ownJurisdiction']) await id(office, `condition-${c}`).click()
  const handlers = id(office, 'filing-handlers')
  // Only officers carry a certificate number: the list of causes, which is still fading away, is not meant.
  const officer = office.locator('.el-select-dropdown__item:not(.is-selected):not(.is-disabled)', { hasText: '苏B' }).first()
  while ((await handlers.locator('.el-tag').count()) < 2) {
    const had = await handlers.locator('.el-tag').count()
    for (let tries = 0; tries < 5 && !(await officer.isVisible()); tries++) {
      await handlers.click()
      await officer.waitFor({ timeout: 2000 }).catch(() => undefined)
    }
    await officer.click()
    await office.waitForFunction((n) => document.querySelectorAll('[data-testid=filing-handlers] .el-tag').length > n, had)
    await office.keyboard.press('Escape')
  }
  for (const [who, post] of [['unit-head', '大队长'], ['organ-head', '局长']]) {
    const fields = id(office, who).locator('input:not(.native)')
    await fields.nth(0).fill(who === 'unit-head' ? '赵示例' : '李示例')
    await fields.nth(1).fill(post)
    await fields.nth(2).fill('同意立案')
    await fields.nth(3).fill(today)
    await fields.nth(3).press('Tab')
  }
  const summary = input(office, 'filing-summary')
  if (!(await summary.inputValue())) await summary.fill('江面查获一艘正在吸砂的船舶，未能出示河道采砂许可证。')
  await shot(office, 'office-5-filing')
  await id(office, 'filing-submit').dblclick() // a second click must not file twice
  await id(office, 'filing-done').waitFor()
  const number = (await id(office, 'filing-done').getByTestId('case-number').innerText()).trim()
  assert.match(number, /^澄水立〔\d{4}〕\d+号$/)
  await shot(office, 'office-6-filed')

  // --- It stands in the ledger.
  await office.goto(BASE + '/cases?q=' + encodeURIComponent(number))
  const line = id(office, 'case-row').filter({ hasText: number })
  await line.waitFor()
  assert.equal(await id(office, 'case-row').count(), 1, 'one case under this number')
  await shot(office, 'office-7-ledger')
  await line.getByTestId('case-number').click()
  await id(office, 'timeline').first().waitFor()
  await shot(office, 'office-8-case')

  // --- And in the figures, each of which opens to its events.
  assert.equal(await total('findings'), before.findings + 1)
  assert.equal(await total('casesFiled'), before.casesFiled + 1)
  await office.goto(BASE + '/statistics')
  const cell = office.locator('[data-testid=stat-total][data-measure=findings]')
  await cell.waitFor()
  await shot(office, 'office-9-statistics')
  const shown = Number((await cell.innerText()).replaceAll(',', ''))
  await cell.click()
  await id(office, 'stat-check').waitFor()
  assert.equal(Number((await id(office, 'stat-sum').innerText()).replace(/\D/g, '')), shown, 'the entries add up to the figure')
  const entry = id(office, 'stat-entry').filter({ hasText: description })
  await entry.waitFor()
  await shot(office, 'office-10-drill-down')
  await entry.getByTestId('stat-event').click()
  await office.waitForURL(/\/events\//)
  await office.getByText(description).first().waitFor()
  const event = await desk.request.get(`${BASE}/api/v1/events/${office.url().split('/').pop()}`).then((r) => r.json())
  assert.equal(event.event.type, 'finding.reported.v1')
  assert.equal(event.event.data.photos[0].sha256, photoHash)
  await shot(office, 'office-11-event')

  // --- The phone hears what became of its report, and the patrol ends.
  await id(field, 'tab-home').click()
  await id(field, 'home-records').click()
  await id(field, 'records-refresh').click()
  await field.getByText(number).first().waitFor()
  await shot(field, 'field-9-records')
  await id(field, 'tab-patrol').click()
  await id(field, 'patrol-end').click()
  await id(field, 'patrol-end-confirm').click()
  await id(field, 'home-patrol').waitFor() // the app goes back to its first page
  await shot(field, 'field-10-patrol-ended')

  // --- The office on a small screen.
  const small = await browser.newContext({ viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', storageState: await desk.storageState() })
  const pocket = await small.newPage()
  watch(pocket, 'pocket')
  for (const [name, path] of [['home', '/'], ['findings', '/findings'], ['cases', '/cases'], ['statistics', '/statistics']]) {
    await pocket.goto(BASE + path)
    await pocket.locator('h1').first().waitFor()
    await pocket.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined) // the live stream never falls silent
    await shot(pocket, `pocket-${name}`)
  }
  assert.deepEqual(faults, [], 'nothing went wrong unseen')
  console.log(JSON.stringify({ finding, number, before }))
} catch (error) {
  for (const context of browser.contexts()) for (const [n, page] of context.pages().entries()) await page.screenshot({ path: join(SHOTS, `failed-${browser.contexts().indexOf(context)}-${n}.png`) }).catch(() => undefined)
  console.error(faults.join('\n'))
  throw error
} finally {
  await browser.close()
}
