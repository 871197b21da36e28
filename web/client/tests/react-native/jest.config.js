'use strict';

const path = require('node:path');

module.exports = {
  preset: 'react-native',
  testMatch: ['**/*.rn.js'],
  // The package as it is built. React Native's own bundler finds it by the same exports.
  moduleNameMapper: { '^@caresync/client$': path.join(__dirname, '../../dist/index.js') },
  transform: {
    '^.+\\.js$': [
      'babel-jest',
      { presets: ['@react-native/babel-preset'], babelrc: false, configFile: false, cwd: __dirname },
    ],
  },
  testTimeout: 60_000,
};
