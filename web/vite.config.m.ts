import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { VantResolver } from '@vant/auto-import-resolver'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { defineConfig, type Plugin } from 'vite'
import { precache } from './precache.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Vant's icon style carries a font and, as its fallback, a foreign address that the content policy would have to forbid. */
const ownVantIcons: Plugin = {
  name: 'own-vant-icons',
  enforce: 'pre',
  load(id) {
    return /vant\/(es|lib)\/icon\/index\.css$/.test(id.split('?')[0]!) ? readFileSync(at('m/vant-icons.css'), 'utf8') : undefined
  },
}

// The field app. One chunk for everything that a boat needs at once; only the uploader and the diagnosis page come when asked for.
export default defineConfig({
  root: at('m'),
  base: '/m/',
  cacheDir: at('node_modules/.vite-m'),
  resolve: {
    // Dexie's default entry wraps its UMD build, twice the size of the modern one.
    alias: { '@lib': at('lib'), dexie: at('node_modules/dexie/dist/modern/dexie.min.mjs') },
  },
  plugins: [ownVantIcons, vue(), Components({ dirs: [], resolvers: [VantResolver()], dts: at('m/components.d.ts') }), precache(at('dist/m'), at('m/sw.js'), '/m/')],
  build: {
    outDir: at('dist/m'),
    emptyOutDir: true,
    target: 'es2020',
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8080' } },
})
