// A console in Node, with `WebSocket` of the package ws: evaluates what comes on standard input, a JSON string a line,
// and prints what `console.log` is called with, a JSON array a line.
'use strict';

const path = require('node:path');
const readline = require('node:readline');
const vm = require('node:vm');

const packages = process.argv[2];
globalThis.WebSocket = require(path.join(packages, 'node_modules', 'ws'));
console.log = (...all) => process.stdout.write(`${JSON.stringify(all)}\n`);

const inputs = readline.createInterface({ input: process.stdin });
inputs.on('line', (input) => vm.runInThisContext(JSON.parse(input)));
inputs.on('close', () => process.exit());
