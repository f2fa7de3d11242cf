// Bundles the page of the dashboard into dist/, beside the compiled server; prints what weighs how much with --weight.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const folder = 'dist/services/dashboard/page';
await build({
  entryPoints: ['services/dashboard/page/page.tsx', 'services/dashboard/page/style/page.css'],
  entryNames: '[name]',
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome123', 'firefox120', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'none',
  logLevel: 'warning',
});
await build({
  entryPoints: ['services/dashboard/page/index.html'],
  outdir: folder,
  loader: { '.html': 'copy' },
  logLevel: 'warning',
});

if (process.argv.includes('--weight')) {
  const sizes = ['index.html', 'page.js', 'page.css'].map((name) => {
    const bytes = gzipSync(readFileSync(`${folder}/${name}`)).length;
    console.log(`${name.padEnd(12)} ${(bytes / 1000).toFixed(1).padStart(7)} kB compressed`);
    return bytes;
  });
  console.log(
    `page         ${(sizes.reduce((sum, bytes) => sum + bytes, 0) / 1000).toFixed(1).padStart(7)} kB compressed`,
  );
}
