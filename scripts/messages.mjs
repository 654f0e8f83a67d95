import { reportFailure } from './setup/report.mjs'
import { compileMessages } from './steps/messages.mjs'

/** `npm run messages`: compile the messages of both languages, whether they changed or not. */
try {
  await compileMessages({ force: true })
  console.log('Messages compiled into src/shared/messages/compiled')
} catch (error) {
  process.exitCode = reportFailure(error)
}
