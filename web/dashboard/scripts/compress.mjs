// Puts compressed forms beside what Vite built, for the gateway to embed: once here, instead of at each request on the
// clinic's small box. A form that saves too little is left out.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const built = join(import.meta.dirname, '../dist');
/** The document is small, and another one each time: it has a nonce. */
const DOCUMENT = 'index.html';
/** A form has to be at most this part of the plain one. */
const WORTH_RATIO = 0.9;

const forms = {
  br: (plain) => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
  gz: (plain) => gzipSync(plain, { level: 9 }),
};

for (const entry of await readdir(built, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || entry.name === DOCUMENT) continue;
  const path = join(entry.parentPath, entry.name);
  const plain = await readFile(path);
  for (const [ending, compress] of Object.entries(forms)) {
    const form = compress(plain);
    if (form.length <= plain.length * WORTH_RATIO) await writeFile(`${path}.${ending}`, form);
  }
}
