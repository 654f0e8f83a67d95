import fs from 'node:fs'
import path from 'node:path'
import { completeLock, missingEntries } from './steps/lockFile.mjs'
import { root } from './steps/project.mjs'

/** `npm run lock`, after every `npm install`: writes the entries that this registry could not give. */
const file = path.join(root, 'package-lock.json')
const lock = JSON.parse(fs.readFileSync(file, 'utf8'))
const missing = missingEntries(lock)
if (missing.length > 0) fs.writeFileSync(file, `${JSON.stringify(completeLock(lock), null, 2)}\n`)
console.log(`package-lock.json: ${missing.length} entries added`)
