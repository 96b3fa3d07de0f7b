// Vant's styles first and in this order, the theme after them: with equal weight the later rule wins, and pages that load
// on demand must not turn the order around.
import 'vant/es/popup/style'
import 'vant/es/toast/style'
import 'vant/es/dialog/style'
import './theme.css'
import { createApp } from 'vue'
import { sentence } from '@lib/api'
import App from './App.vue'
import { account, open, refresh, sender } from './account'
import { watchPatrol } from './patrol'
import { tidy } from './reports'
import { fetchPages, router } from './router'
import { registerWorker } from './update'

async function start(): Promise<void> {
  const app = createApp(App)
  if (!isSecureContext) { // App shows why nothing can work; neither database nor worker is touched
    app.use(router).mount('#app')
    return
  }
  // A fault in a handler must not look like a tap that was missed.
  const tell = (error: unknown): void => {
    console.error(error)
    void import('vant/es/toast').then(({ showToast }) => showToast({ message: sentence(error), duration: 5000 }), () => undefined)
  }
  app.config.errorHandler = tell
  addEventListener('unhandledrejection', (event) => tell(event.reason))
  try {
    await open()
  } catch (error) {
    console.error(error)
    account.noStorage = true
    app.use(router).mount('#app')
    return
  }
  watchPatrol()
  app.use(router).mount('#app')
  void router.isReady().then(fetchPages)
  void registerWorker()
  void tidy()

  // Sending happens only while the app is open, so every moment that may have brought the network back is used.
  addEventListener('online', () => void refresh())
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') void refresh() })
  setInterval(() => { if (account.me && document.visibilityState === 'visible') void sender.kick() }, 30_000)
}

void start()
