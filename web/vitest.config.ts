import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: at('.'),
  resolve: { alias: { '@lib': at('lib') } },
  test: {
    include: ['lib/**/*.test.ts', 'm/**/*.test.ts', 'desk/**/*.test.ts'],
    environment: 'node',
    // Times must come out the same wherever the tests run; a zone far from China shows what forgot to name its own.
    env: { TZ: 'America/New_York' },
  },
})
