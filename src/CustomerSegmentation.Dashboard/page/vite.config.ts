import { defineConfig } from 'vite';

export default defineConfig({
  // Relative addresses: the page works under any path that a reverse proxy puts in front of it.
  base: './',
  build: {
    outDir: '../wwwroot/dist',
    emptyOutDir: true,
    // The content security policy allows no data: scripts or styles, so nothing is inlined.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    target: 'es2022',
  },
  // `npm run dev` shows the page with live reload against a running service.
  server: { proxy: { '/api': 'http://127.0.0.1:5080' } },
});
