import { fileURLToPath } from 'node:url'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: at('m'),
  base: '/m/',
  cacheDir: at('node_modules/.vite-m'),
  resolve: { alias: { '@lib': at('lib') } },
  plugins: [vue(), Components({ dirs: [], resolvers: [VantResolver()], dts: at('m/components.d.ts') })],
  build: {
    outDir: at('dist/m'),
    emptyOutDir: true,
    target: 'es2020',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8080' } },
})
