// What a tablet loads before it shows anything has a limit, and the build ends where it is passed.

import { gzipSync } from 'node:zlib';

import type { Plugin } from 'vite';

/** Compressed bytes of the page, and of all scripts and styles that it begins with. */
const FIRST_LOAD_BYTES_MAX = 250 * 1024;

/** Weighs the first load. */
export function budget(): Plugin {
  return {
    name: 'caresync-budget',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const files = new Set<string>();
      const add = (name: string) => {
        const chunk = bundle[name];
        if (files.has(name) || chunk?.type !== 'chunk') return;
        files.add(name);
        chunk.viteMetadata?.importedCss.forEach((css) => files.add(css));
        chunk.imports.forEach(add);
      };
      for (const [name, chunk] of Object.entries(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) add(name);
      const bytes = [...files].reduce((sum, name) => {
        const file = bundle[name];
        return sum + gzipSync(file?.type === 'chunk' ? file.code : (file?.source ?? '')).length;
      }, 0);
      const told = `first load: ${files.size} files, ${Math.ceil(bytes / 1024)} KiB compressed`;
      if (bytes > FIRST_LOAD_BYTES_MAX) this.error(`${told}; the most is ${FIRST_LOAD_BYTES_MAX / 1024} KiB`);
      this.info(told);
    },
  };
}
