// Makes the types of the wire from the documents that the gateway is compared with: docs/openapi.json and
// docs/hub-frames.json. `npm run generate` writes them; a test compares what is written with what would be.
import { readFile, writeFile } from 'node:fs/promises';

import { compile } from 'json-schema-to-typescript';
import openapiTypescript, { astToString } from 'openapi-typescript';

const documents = new URL('../../../docs/', import.meta.url);
const generated = new URL('../src/generated/', import.meta.url);

const banner = (document) => `// Made from docs/${document} by scripts/generate.mjs. Do not edit.\n\n`;
const read = async (document) => JSON.parse(await readFile(new URL(document, documents), 'utf8'));

/** Without what stands beside a reference: it would make each place of a type a type of its own. */
function plain(schema) {
  if (Array.isArray(schema)) return schema.map(plain);
  if (schema === null || typeof schema !== 'object') return schema;
  if ('$ref' in schema) return { $ref: schema.$ref };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, plain(value)]));
}

/** The files, as name and text. */
export async function generate() {
  const api = astToString(await openapiTypescript(await read('openapi.json')));
  const frames = await compile(plain(await read('hub-frames.json')), 'HubFrame', {
    additionalProperties: false,
    bannerComment: '',
    format: false,
    unknownAny: true,
    unreachableDefinitions: true,
  });
  return {
    'openapi.ts': banner('openapi.json') + api,
    'frames.ts': banner('hub-frames.json') + frames,
  };
}

if (import.meta.filename === process.argv[1]) {
  for (const [name, text] of Object.entries(await generate())) {
    await writeFile(new URL(name, generated), text);
  }
}
