import 'element-plus/theme-chalk/base.css'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './routes'
import './theme.css'

createApp(App).use(router).mount('#app')
