// Vant's styles first and in this order, the theme after them: with equal weight the later rule wins, and pages that load
// on demand must not turn the order around.
import 'vant/es/popup/style'
import 'vant/es/toast/style'
import 'vant/es/dialog/style'
import './theme.css'
import { createApp } from 'vue'
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
  await open()
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
