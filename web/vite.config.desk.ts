import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

// The office app. It is built apart from the field app, so that a phone never caches a table, and an office PC never a service worker.
export default defineConfig({
  root: at('desk'),
  base: '/',
  cacheDir: at('node_modules/.vite-desk'),
  resolve: { alias: { '@lib': at('lib') } },
  plugins: [
    vue(),
    // Only components that templates name are bundled; the list of types is committed, so a type check needs no build before it.
    Components({ dirs: [], resolvers: [ElementPlusResolver()], dts: at('desk/components.d.ts') }),
  ],
  build: {
    outDir: at('dist/desk'),
    emptyOutDir: true,
    target: 'es2020',
    // The server's policy allows scripts and fonts of its own only; nothing is inlined as a data: script.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    reportCompressedSize: false,
  },
  server: { port: 5174, proxy: { '/api': 'http://127.0.0.1:8080' } },
})
