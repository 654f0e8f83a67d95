/**
 * The default app of the redistributed Electron 22: the binary comes without Electron's own `default_app.asar`,
 * so this one does the same for `electron [switches] [-r MODULE] PATH [arguments]`. It runs inside Electron
 * (Node 16), never in the set-up itself. Like the official one it leaves `process.argv` as it is.
 */
const { app } = require('electron')
const fs = require('node:fs')
const Module = require('node:module')
const path = require('node:path')

/** What the command line asks for; the first argument that is not a switch is the application. */
function parse(argv) {
  const modules = []
  for (let index = 0; index < argv.length; index += 1) {
    const argument = argv[index]
    if (argument === '-r' || argument === '--require') modules.push(argv[(index += 1)])
    else if (argument === '-v' || argument === '--version')
      return { print: `v${process.versions.electron}` }
    else if (argument === '-a' || argument === '--abi') return { print: process.versions.modules }
    else if (!argument.startsWith('-')) return { modules, file: argument }
  }
  return { modules, file: undefined }
}

/** Name, version and path of the application become Electron's own before its main module runs. */
function load(file) {
  Object.defineProperty(process, 'defaultApp', {
    configurable: false,
    enumerable: true,
    value: true,
  })
  const applicationPath = path.resolve(file)
  const packagePath = path.join(applicationPath, 'package.json')
  const isFolder = fs.existsSync(packagePath)
  if (isFolder) {
    const description = JSON.parse(fs.readFileSync(packagePath, 'utf8'))
    if (description.version) app.setVersion(description.version)
    if (description.productName || description.name)
      app.name = description.productName || description.name
    if (description.desktopName) app.setDesktopName(description.desktopName)
  }
  const main = Module._resolveFilename(applicationPath, null, true)
  app.setAppPath(isFolder ? applicationPath : path.dirname(main))
  Module._load(main, Module, true)
}

const request = parse(process.argv.slice(1))
if (request.print !== undefined) {
  process.stdout.write(`${request.print}\n`)
  process.exit(0)
}
if (request.file === undefined) {
  process.stderr.write('usage: electron [switches] [-r MODULE] PATH [arguments]\n')
  process.exit(2)
}
try {
  Module._preloadModules(request.modules)
  load(request.file)
} catch (error) {
  process.stderr.write(`cannot start ${request.file}: ${(error && error.stack) || error}\n`)
  process.exit(1)
}
